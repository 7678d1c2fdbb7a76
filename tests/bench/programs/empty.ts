/** A program that does nothing: what any program of this make costs. @module */
export {};
