/**
 * Variables of a script that can only hold one value, so that `d=/; rm -rf "$d"` is seen for what it is.
 *
 * @module
 */
import { type Assignment, forEachChild, type SyntaxNode } from "unbash";
import type { Place } from "./place.ts";
import { type Lookup, readWord } from "./words.ts";

/** Builtins that give a variable a value the text does not show. */
const SETTERS = /^(read|printf|mapfile|readarray|unset|getopts|let|declare|typeset|local|export)$/;

/** Knows the variables that a script sets, and the few that looop itself sets. */
export class VariableTable {
  /** Undefined: set more than once, or to something that only the run can tell. */
  readonly #values = new Map<string, string | undefined>();
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Takes in every assignment below `node`. */
  learn(node: SyntaxNode, depth = 0): void {
    if (depth > 200) return;
    if (node.type === "Assignment") this.#assign(node);
    if (node.type === "For" || node.type === "Select") this.#values.set(node.name.value, undefined);
    if (node.type === "Command" && node.name !== undefined && SETTERS.test(node.name.value)) {
      for (const word of node.args) {
        if (word.type === "Word") this.#values.set(word.value.replace(/=.*$/s, ""), undefined);
      }
    }
    forEachChild(node, (child) => this.learn(child, depth + 1));
  }

  /** Answers for a command that runs in `folder`. */
  lookup(folder: string): Lookup {
    return (name) => {
      if (this.#values.has(name)) return this.#values.get(name);
      switch (name) {
        case "HOME":
          return this.#place.home;
        case "LOOOP_DATA_DIR":
          return this.#place.dataDir;
        case "LOOOP_BIN":
          return "looop";
        case "PWD":
          return folder;
        case "TMPDIR":
          return "/tmp";
        default:
          return undefined;
      }
    };
  }

  #assign({ name, value, append, index }: Assignment): void {
    if (append || index !== undefined || value.type !== "Word") {
      this.#values.set(name, undefined);
      return;
    }
    const [argument] = readWord(value, this.lookup(this.#place.dataDir));
    const text = argument === undefined || argument.isComputed ? undefined : argument.value;
    const isNew = !this.#values.has(name) || this.#values.get(name) === text;
    this.#values.set(name, isNew ? text : undefined);
  }
}

/** Tells whether a function runs the words that it is given: `"$@"`, alone or behind a wrapper. */
export function runsItsWords(node: SyntaxNode, depth = 0): boolean {
  if (depth > 200) return true;
  if (node.type === "Command" && !/^(echo|printf|logger|cat|:)$/.test(node.name?.value ?? "")) {
    const words = [node.name, ...node.args];
    if (words.some((word) => /^"?\$(@|\*|1|\{[@*1])/.test(word?.text ?? ""))) return true;
  }
  let isFound = false;
  forEachChild(node, (child) => {
    isFound ||= runsItsWords(child, depth + 1);
  });
  return isFound;
}
