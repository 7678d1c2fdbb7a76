/**
 * Leaves out of a flood of plain lines what has scrolled off the screen by its end, so that a screen
 * catches up far faster than its emulator parses. The screen afterwards is exactly the same.
 *
 * @module
 */

/** What a run of lines may hold besides text: BEL to CR, and sequences that only colour or erase a line. */
const INTERRUPTION = /\x1b\[([\d;:]*)([@-~])|[\x00-\x06\x0e-\x1f\x7f-\x9f]/g;
/** CSI sequences that leave the scroll region and the kind of the screen alone. */
const HARMLESS = /[@A-HJ-MPSTXZ`abdefgn]/;
/** Shorter runs are not worth it. */
const WORTHWHILE_LENGTH = 4096;
/** A whole sequence: CSI, an OSC that BEL ends, or ESC with what is no opening of a string. */
const WHOLE_ESCAPE = new RegExp(
  "\\x1b(?:\\[[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]|\\][^\\x07\\x18\\x1a]*\\x07|" +
    "[\\x20-\\x2f]*[\\x30-\\x4f\\x51-\\x57\\x59-\\x5a\\x5c\\x60-\\x7e])",
  "y",
);

/**
 * Shortens text that is to be written to a terminal without scrollback, whose parser is in no
 * sequence and whose scroll region is the whole screen.
 *
 * Two screens full of line ends push out all that stood before them, wherever the cursor was; of
 * what goes, only its colours live on.
 */
export function dropScrolled(text: string, rows: number): string {
  if (text.length < WORTHWHILE_LENGTH) return text;
  const keptLines = 2 * rows + 2;
  let out = "";
  let copied = 0;
  let runStart = 0;
  let colours: { readonly at: number; readonly sequence: string }[] = [];
  const endRun = (end: number) => {
    const keepFrom = end - runStart < WORTHWHILE_LENGTH
      ? -1
      : findLine(text, runStart, end, keptLines);
    if (keepFrom >= 0) {
      out += text.slice(copied, runStart) +
        colours.filter(({ at }) => at < keepFrom).map(({ sequence }) => sequence).join("");
      copied = keepFrom;
    }
    colours = [];
  };
  for (const match of text.matchAll(INTERRUPTION)) {
    const { 0: sequence, 2: final, index: at } = match;
    if (final === "m") {
      // A reset makes those before it pointless.
      if (match[1] === "" || match[1] === "0") colours = [];
      colours.push({ at, sequence });
      continue;
    }
    if (final === "K") continue;
    endRun(at);
    runStart = at + sequence.length;
    // What else may follow here could set a scroll region or begin a string.
    if (final === undefined || !HARMLESS.test(final)) return out + text.slice(copied);
  }
  endRun(text.length);
  return out + text.slice(copied);
}

/** Finds the CR LF that has `count` line ends behind it; -1 where there is none in the run. */
function findLine(text: string, start: number, end: number, count: number): number {
  let at = end;
  for (let left = count; left > 0; left--) {
    at = text.lastIndexOf("\n", at - 1);
    if (at <= start) return -1;
  }
  const line = text.lastIndexOf("\r\n", at - 1);
  return line > start ? line : -1;
}

/**
 * Tells whether a parser is in the middle of a sequence behind this text.
 *
 * @param wasBetween Whether it was between sequences before; where the text holds none, it stays so.
 * @returns True only where that is certain.
 */
export function isBetweenSequences(text: string, wasBetween: boolean): boolean {
  const at = text.lastIndexOf("\x1b");
  if (/[\x80-\x9f]/.test(text)) return false;
  if (at < 0) return wasBetween;
  WHOLE_ESCAPE.lastIndex = at;
  return WHOLE_ESCAPE.test(text);
}
