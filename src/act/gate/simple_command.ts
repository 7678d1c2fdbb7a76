/**
 * What the gate knows of one command once quoting, pipes and wrappers are off. Rules see nothing else.
 *
 * @module
 */

/** One argument, unquoted. */
export interface Argument {
  readonly value: string;
  /** Part of it is known only at run time: a variable, a substitution, a line of input. */
  readonly isComputed: boolean;
  /** It holds the output of a download. */
  readonly isDownload: boolean;
  /** It is a pattern over file names. */
  readonly hasGlob: boolean;
}

/** Where a command's standard input comes from. */
export type Input =
  | { readonly kind: "none" | "download" | "unknown" }
  | { readonly kind: "literal"; readonly text: string };

/** One program that would be run, with nothing in front of it. */
export interface SimpleCommand {
  /** Name without folders; `looop` for `"$LOOOP_BIN"`. */
  readonly program: string;
  /** The program as it was written, with its folders. */
  readonly writtenAs: string;
  readonly args: readonly Argument[];
  /** `args` as plain strings. */
  readonly words: readonly string[];
  /** Program and arguments joined with single spaces: what a regular expression of the config sees. */
  readonly line: string;
  /** Files that its redirections write. */
  readonly writesTo: readonly Argument[];
  /** `NAME=value` in front of the command, or behind `env`. */
  readonly assignments: readonly string[];
  readonly input: Input;
  /** Folder that the command runs in, as far as the text says; the last one is where it most likely is. */
  readonly folders: readonly string[];
  /** Which program it is cannot be known before it runs. */
  readonly isComputed: boolean;
  /** The program's name comes from a download. */
  readonly isDownload: boolean;
}

/** Wraps a plain string. */
export function plainArgument(value: string): Argument {
  return { value, isComputed: false, isDownload: false, hasGlob: false };
}
