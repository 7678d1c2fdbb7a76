/**
 * JSON that is safe on a terminal.
 *
 * @module
 */

/** DEL, C1 controls, line separators and marks that reorder text: JSON lets all of them through. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Writes a value as JSON; what could move a cursor or turn the text is written as `\uXXXX`. */
export function jsonText(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value, undefined, 2)) + "\n";
}

/** Writes a value as one line of JSON, as safe as `jsonText()`. */
export function jsonLine(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value)) + "\n";
}

function escapeUnsafe(json: string): string {
  return json.replace(
    UNSAFE,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
