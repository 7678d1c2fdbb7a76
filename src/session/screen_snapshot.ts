/**
 * A screen as plain data: what `screen.json` holds and what every rendering starts from.
 * Knows nothing of the terminal emulator.
 *
 * @module
 */
import * as s from "../base/shape.ts";

const colour = s.either(s.whole, s.text);

const styleShape = s.objectWith({
  /** A number of the 256-colour palette, or `#rrggbb`. Left out: the default colour. */
  fg: s.optional(colour),
  bg: s.optional(colour),
  bold: s.optional(s.oneOf(true)),
  dim: s.optional(s.oneOf(true)),
  italic: s.optional(s.oneOf(true)),
  underline: s.optional(s.oneOf(true)),
  blink: s.optional(s.oneOf(true)),
  inverse: s.optional(s.oneOf(true)),
  invisible: s.optional(s.oneOf(true)),
  strike: s.optional(s.oneOf(true)),
  overline: s.optional(s.oneOf(true)),
});

const modesShape = s.objectWith({
  bracketed_paste: s.truth,
  app_cursor: s.truth,
  app_keypad: s.truth,
  alt_screen: s.truth,
  wraparound: s.truth,
  focus: s.truth,
  /** DEC private modes of the mouse that are set: 9, 1000..1003, 1005, 1006, 1015, 1016. */
  mouse: s.listOf(s.whole),
});

const snapshotShape = s.objectWith({
  /** The log's offset behind the last byte that this screen shows. */
  offset: s.number,
  cols: s.whole,
  rows: s.whole,
  cursor: s.objectWith({ x: s.whole, y: s.whole, visible: s.truth }),
  title: s.text,
  modes: modesShape,
  /** Colours that the program changed: palette numbers, or `fg`, `bg`, `cursor`. */
  colours: s.mapOf(s.text),
  /** Style 0 is the default. */
  styles: s.listOf(styleShape),
  /**
   * One line a row, without the default blanks at its end. A run is [text, cells, style]; it holds
   * characters of one cell each, or one character of any width.
   */
  lines: s.listOf(s.listOf(s.tupleOf(s.text, s.whole, s.whole))),
});

/** How a cell looks; what is left out is off. */
export type CellStyle = s.ValueOf<typeof styleShape>;
/** What the program has asked of its terminal. */
export type ScreenModes = s.ValueOf<typeof modesShape>;
/** The screen at one moment. */
export type ScreenSnapshot = s.ValueOf<typeof snapshotShape>;
/** Neighbouring cells of one style: [text, cells, style]. */
export type Run = ScreenSnapshot["lines"][number][number];

/**
 * Reads a snapshot that was written as JSON.
 *
 * @throws {Error} When the text is no snapshot.
 */
export function parseSnapshot(json: string): ScreenSnapshot {
  return s.check(snapshotShape, JSON.parse(json));
}

/** Reads the modes out of a reply. */
export function parseModes(value: unknown): ScreenModes {
  return s.check(modesShape, value);
}

/** Returns the text of each row, without blanks at the end. */
export function linesOf(snapshot: ScreenSnapshot): string[] {
  return snapshot.lines.map((line) => line.map(([text]) => text).join("").trimEnd());
}

/** Drops the rows at the bottom that show nothing. */
export function trimmed(snapshot: ScreenSnapshot): ScreenSnapshot {
  const texts = linesOf(snapshot);
  const isShown = (row: number) => texts[row] !== "" || hasBackground(snapshot, row);
  let count = snapshot.lines.length;
  while (count > 0 && !isShown(count - 1)) count--;
  return { ...snapshot, lines: snapshot.lines.slice(0, count) };
}

function hasBackground({ lines, styles }: ScreenSnapshot, row: number): boolean {
  return (lines[row] ?? []).some(([, , style]) => {
    const { bg, inverse } = styles[style] ?? {};
    return bg !== undefined || inverse === true;
  });
}
