/**
 * The shape of a gate rule, and short ways to write one down.
 *
 * @module
 */
import type { Place } from "./place.ts";
import type { SimpleCommand } from "./simple_command.ts";

/** What the gate says: run it, ask the human, or refuse whatever anyone says. */
export type Verdict = "allow" | "ask" | "deny";

/** One default rule. */
export interface GateRule {
  /** Short and stable: it stands in the question and in `"without"` of the config. */
  readonly name: string;
  readonly verdict: "ask" | "deny";
  readonly matches: (command: SimpleCommand, place: Place) => boolean;
}

/** Builds a rule that asks. */
export function asks(name: string, matches: GateRule["matches"]): GateRule {
  return { name, verdict: "ask", matches };
}

/** Builds a rule that denies. */
export function denies(name: string, matches: GateRule["matches"]): GateRule {
  return { name, verdict: "deny", matches };
}

/**
 * Tells whether a flag is given: short ones also inside a cluster (`-xdf`), long ones also
 * shortened (`--har`) and with a value (`--force=x`).
 *
 * @param short Letters, without dash.
 * @param long Names, without dashes.
 */
export function hasFlag(words: readonly string[], short: string, ...long: string[]): boolean {
  for (const word of words) {
    if (word === "--") return false;
    if (/^--./.test(word)) {
      const name = word.slice(2).replace(/=.*$/s, "");
      if (long.some((each) => each === name || (name.length > 2 && each.startsWith(name)))) {
        return true;
      }
    } else if (/^-[^-]/.test(word) && short !== "") {
      if ([...word.slice(1).replace(/=.*$/s, "")].some((letter) => short.includes(letter))) {
        return true;
      }
    }
  }
  return false;
}

/**
 * Returns the words that are no options, without the values of the options named in `takes`.
 * Behind `--` everything is an operand.
 */
export function operands(words: readonly string[], takes = ""): readonly string[] {
  const valued = takes.split(" ");
  const found: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") return [...found, ...words.slice(at + 1)];
    if (valued.includes(word)) at++;
    else if (!word.startsWith("-") || word === "-") found.push(word);
  }
  return found;
}

/** Tells whether the call only asks a program for its help or version. */
export function isHelp(words: readonly string[]): boolean {
  return words.length > 0 && words.length <= 4 &&
    ["--help", "--version"].includes(words.at(-1)!);
}

/** Tells whether the call says that it changes nothing. */
export function isDryRun(words: readonly string[]): boolean {
  return words.some((word) => /^--dry-?run(=(?!false|none)\w+)?$/.test(word));
}
