/**
 * How many cells a character takes, as wcwidth(3) of today's systems counts: 2 for East Asian wide
 * characters and emoji, 0 for marks that join the character before them.
 *
 * The table of @xterm/headless alone is that of Unicode 6, in which emoji are narrow.
 *
 * @module
 */

/** East Asian Wide and Fullwidth blocks of Unicode 16 (EastAsianWidth.txt), emoji apart. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];
const EMOJI = /^\p{Emoji_Presentation}$/u;
/** Regional indicators make a flag in pairs: one cell each. */
const isRegionalIndicator = (code: number) => code >= 0x1f1e6 && code <= 0x1f1ff;
const JOINING = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const SOFT_HYPHEN = 0xad; // A format character, yet terminals show it.
/** Hangul vowels and final consonants join the syllable before them. */
const isHangulPart = (code: number) => code >= 0x1160 && code <= 0x11ff;

const known = new Map<number, number>();

/** Returns the cells of one code point: 0, 1 or 2. */
export function characterWidth(code: number): 0 | 1 | 2 {
  if (code < 0x300) return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : 1;
  let width = known.get(code);
  if (width === undefined) known.set(code, width = computeWidth(code));
  return width as 0 | 1 | 2;
}

function computeWidth(code: number): 0 | 1 | 2 {
  const char = String.fromCodePoint(code);
  if (isHangulPart(code) || (JOINING.test(char) && code !== SOFT_HYPHEN)) return 0;
  if (isRegionalIndicator(code)) return 1;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return EMOJI.test(char) ? 2 : 1;
}

/**
 * The widths in the shape that `terminal.unicode.register()` takes. The number that
 * `charProperties` returns holds the width in bits 1-2 and "joins the cell before" in bit 0.
 */
export const WIDTH_PROVIDER = {
  version: "looop",
  wcwidth: characterWidth,
  charProperties(code: number, preceding: number): number {
    const width = characterWidth(code);
    const widthBefore = (preceding >> 1) & 3;
    if (width > 0 || preceding === 0 || widthBefore === 0) return width << 1;
    return widthBefore << 1 | 1;
  },
} as const;
