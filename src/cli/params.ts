/**
 * Flags and arguments that several verbs share, with the parsers that refuse bad values by name.
 *
 * @module
 */
import { parseDurationMs } from "../base/durations.ts";
import { UsageError } from "../base/errors.ts";

/** `--json`. */
export const jsonFlag = {
  kind: "boolean",
  brief: "Print JSON instead of text",
  default: false,
  withNegated: false,
} as const;

/** Builds a plain on/off flag. */
export function switchFlag(brief: string) {
  return { kind: "boolean", brief, default: false, withNegated: false } as const;
}

/** Builds an optional flag that takes a whole number. */
export function countFlag(brief: string, placeholder = "N") {
  return { kind: "parsed", parse: parseCount, brief, placeholder, optional: true } as const;
}

/** Builds an optional flag that takes a duration; the verb sees milliseconds. */
export function durationFlag(brief: string) {
  return {
    kind: "parsed",
    parse: parseDurationMs,
    brief,
    placeholder: "DUR",
    optional: true,
  } as const;
}

/** Builds an optional flag that takes text. */
export function textFlag(brief: string, placeholder: string) {
  return { kind: "parsed", parse: String, brief, placeholder, optional: true } as const;
}

/** Builds a positional argument that takes text. */
export function textArgument(placeholder: string, brief: string) {
  return { brief, parse: String, placeholder } as const;
}

/**
 * Reads a whole number of 0 or more.
 *
 * @throws {UsageError} When `text` is anything else (exit code 2).
 */
export function parseCount(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is not a whole number`, "Write a number such as 20");
}
