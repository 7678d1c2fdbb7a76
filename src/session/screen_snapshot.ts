/**
 * A screen as plain data: what `screen.json` holds and what every rendering starts from.
 * Knows nothing of the terminal emulator.
 *
 * @module
 */
import * as z from "zod/mini";

const colour = z.union([z.int(), z.string()]);

const styleSchema = z.object({
  /** A number of the 256-colour palette, or `#rrggbb`. Left out: the default colour. */
  fg: z.optional(colour),
  bg: z.optional(colour),
  bold: z.optional(z.literal(true)),
  dim: z.optional(z.literal(true)),
  italic: z.optional(z.literal(true)),
  underline: z.optional(z.literal(true)),
  blink: z.optional(z.literal(true)),
  inverse: z.optional(z.literal(true)),
  invisible: z.optional(z.literal(true)),
  strike: z.optional(z.literal(true)),
  overline: z.optional(z.literal(true)),
});

const modesSchema = z.object({
  bracketed_paste: z.boolean(),
  app_cursor: z.boolean(),
  app_keypad: z.boolean(),
  alt_screen: z.boolean(),
  wraparound: z.boolean(),
  focus: z.boolean(),
  /** DEC private modes of the mouse that are set: 9, 1000..1003, 1005, 1006, 1015, 1016. */
  mouse: z.array(z.int()),
});

const snapshotSchema = z.object({
  /** The log's offset behind the last byte that this screen shows. */
  offset: z.number(),
  cols: z.int(),
  rows: z.int(),
  cursor: z.object({ x: z.int(), y: z.int(), visible: z.boolean() }),
  title: z.string(),
  modes: modesSchema,
  /** Colours that the program changed: palette numbers, or `fg`, `bg`, `cursor`. */
  colours: z.record(z.string(), z.string()),
  /** Style 0 is the default. */
  styles: z.array(styleSchema),
  /**
   * One line a row, without the default blanks at its end. A run is [text, cells, style]; it holds
   * characters of one cell each, or one character of any width.
   */
  lines: z.array(z.array(z.tuple([z.string(), z.int(), z.int()]))),
});

/** How a cell looks; what is left out is off. */
export type CellStyle = z.infer<typeof styleSchema>;
/** What the program has asked of its terminal. */
export type ScreenModes = z.infer<typeof modesSchema>;
/** The screen at one moment. */
export type ScreenSnapshot = z.infer<typeof snapshotSchema>;
/** Neighbouring cells of one style: [text, cells, style]. */
export type Run = ScreenSnapshot["lines"][number][number];

/**
 * Reads a snapshot that was written as JSON.
 *
 * @throws {Error} When the text is no snapshot.
 */
export function parseSnapshot(json: string): ScreenSnapshot {
  return snapshotSchema.parse(JSON.parse(json));
}

/** Reads the modes out of a reply. */
export function parseModes(value: unknown): ScreenModes {
  return modesSchema.parse(value);
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
