/**
 * Text from outside made fit for one line of a file or a terminal: nothing in it can move a cursor,
 * start a new line or turn the reading direction.
 *
 * @module
 */

/** Escape sequences as terminals read them: CSI, OSC and the other strings, two-byte escapes. */
const ESCAPES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]/g;

/** C0, DEL, C1, line separators, and the marks that reorder text on the screen. */
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Folds text into one line: escape sequences vanish, line ends and other controls become a space. */
export function foldLine(text: string): string {
  return text.replace(ESCAPES, "").replace(CONTROLS, " ").trim();
}

/** Takes escape sequences and controls out of text but keeps its lines. */
export function stripControls(text: string): string {
  return text.split(/\r?\n/).map((line) => line.replace(ESCAPES, "").replace(CONTROLS, " "))
    .join("\n");
}

/**
 * Shortens text to `maxLength` characters, the last of which is then an ellipsis. Never splits a
 * surrogate pair.
 */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength - 1);
  return (/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut) + "…";
}

/** Some editors begin a file with a byte-order mark, which no JSON reader takes. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
