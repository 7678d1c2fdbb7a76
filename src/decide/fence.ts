/**
 * Boundaries that no text can forge. Every line that comes from outside stands behind `| `, every
 * line of looop's own starts with another character: whoever reads a line knows whose it is.
 *
 * A random marker would do the same but would change each beat, and with it every provider's cache.
 *
 * @module
 */

/** What stands before each quoted line. */
export const QUOTE = "| ";

/** Characters that some reader might take for the end of a line. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\u0085\u2028\u2029]/;

/**
 * Quotes a text from outside.
 *
 * @returns Lines that each start with `| `; control characters are shown, not sent.
 */
export function quoteOutside(text: string): string {
  return text.replace(/(?:\r\n|\n|\r)$/, "").split(LINE_ENDS)
    .map((line) => (QUOTE + showControls(line)).trimEnd()).join("\n");
}

/** Folds a text from outside into one line, for a place where a name or a title stands. */
export function quoteInline(text: string): string {
  return JSON.stringify(text.split(LINE_ENDS).map(showControls).join(" "));
}

/** Makes control and direction-changing characters visible, so that what is read is what is there. */
function showControls(line: string): string {
  return line.replace(
    /[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A section of the prompt: looop's heading, then items. */
export function section(title: string, body: string): string {
  return `## ${title}\n\n${body}\n`;
}

/** An item of a section: looop's own label, then the quoted text. */
export function item(label: string, text: string): string {
  return `### ${label}\n${quoteOutside(text)}\n`;
}
