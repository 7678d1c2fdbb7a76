/**
 * What a shell completion knows of a verb, whichever the shell.
 *
 * @module
 */
import { KEY_NAMES } from "../../session/keys.ts";
import { type FlagDoc, flagsOf } from "../parameter_docs.ts";
import type { Verb } from "../verb.ts";

/** One verb as completions see it. */
export interface CompletedVerb {
  /** The verb's names, its own first. */
  readonly names: readonly string[];
  readonly brief: string;
  /** With `--help`. */
  readonly flags: readonly FlagDoc[];
  /** What to offer for the first argument. */
  readonly first: Offer;
  /** What to offer for an argument behind it. */
  readonly later: LaterOffer | undefined;
}

/** Ids that `looop _ids` lists, words, or nothing. */
export type Offer =
  | { readonly kind: "ids"; readonly list: "live" | "sessions" | "questions" | "runners" }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "nothing" };

/** An offer for one argument, the first being 1, or from it on. */
export interface LaterOffer {
  readonly at: number;
  readonly onwards: boolean;
  readonly offer: Offer;
}

/** Verbs that only a living worker can take; the others also read what is over. */
const NEEDS_LIFE: readonly string[] = [
  "ask",
  "attach",
  "detach",
  "flag",
  "key",
  "kill",
  "resize",
  "send",
  "unflag",
];

const HELP: FlagDoc = {
  name: "--help",
  short: "-h",
  value: undefined,
  brief: "Print this help",
  isRequired: false,
};

/** Describes every verb that is not hidden. */
export function completedVerbs(verbs: readonly Verb[]): readonly CompletedVerb[] {
  return verbs.filter(({ group }) => group !== "hidden").map((verb) => ({
    names: [verb.name, ...verb.aliases.filter((alias) => !alias.startsWith("-"))],
    brief: verb.brief,
    flags: [...flagsOf(verb), HELP],
    first: firstArgument(verb),
    later: verb.completesLater && {
      ...verb.completesLater,
      offer: verb.completesLater.offers === "key"
        ? { kind: "words", words: KEY_NAMES }
        : { kind: "ids", list: "runners" },
    },
  }));
}

function firstArgument({ name, completes }: Verb): Offer {
  if (completes === undefined) return { kind: "nothing" };
  if (completes === "question") return { kind: "ids", list: "questions" };
  if (completes === "session") {
    return { kind: "ids", list: NEEDS_LIFE.includes(name) ? "live" : "sessions" };
  }
  return { kind: "words", words: completes };
}

/** Tells whether a flag's value is a path. */
export function takesPath({ value }: FlagDoc): boolean {
  return value === "PATH" || value === "FILE";
}

/** Quotes a text for bash and zsh. */
export function singleQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
