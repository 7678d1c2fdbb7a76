/**
 * The colours of looop's own terminal: what it answers to a program that asks, and what a picture
 * of the screen is painted with.
 *
 * @module
 */

/** Default colours by name. */
export const NAMED_COLOURS: Readonly<Record<string, string>> = {
  fg: "#d5d9e2",
  bg: "#15171c",
  cursor: "#e8c07d",
};

const FIRST_16 = [
  ["#2b2f38", "#f0717b", "#8ccf7e", "#e5c76b", "#67b0f5", "#c58cec", "#5fcbd0", "#c4c9d4"],
  ["#6b7384", "#ff8f98", "#a9e69b", "#ffdf8c", "#8fc7ff", "#dcb0ff", "#85e3e6", "#ffffff"],
].flat();
/** Steps of the 6x6x6 cube, as xterm's 256colres.h has them. */
const CUBE = [0, 95, 135, 175, 215, 255] as const;

/** Returns `#rrggbb` of a number of the 256-colour palette. */
export function paletteColour(number: number): string {
  if (number < 16) return FIRST_16[number] ?? NAMED_COLOURS["fg"]!;
  if (number < 232) {
    const at = number - 16;
    const steps = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6];
    return toHex(steps.map((step) => CUBE[step]!));
  }
  const grey = 8 + (number - 232) * 10;
  return toHex([grey, grey, grey]);
}

/** Writes three values of 0..255 as `#rrggbb`. */
export function toHex(rgb: readonly number[]): string {
  return "#" + rgb.map((value) => value.toString(16).padStart(2, "0")).join("");
}

/**
 * Reads a colour as X11 writes them: `#rgb`, `#rrggbb`, `#rrrrggggbbbb`, `rgb:r/g/b` with one to
 * four digits each (XParseColor(3)).
 *
 * @returns `#rrggbb`, or undefined for any other form.
 */
export function parseColour(text: string): string | undefined {
  const [, a, b, c] = /^rgb:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})$/i.exec(text) ?? [];
  if (a !== undefined && b !== undefined && c !== undefined) {
    return toHex([a, b, c].map((d) => Math.round(parseInt(d, 16) / (16 ** d.length - 1) * 255)));
  }
  const [, digits] = /^#((?:[\da-f]{3}){1,4})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const size = digits.length / 3;
  // Here the digits are the leading ones of the value, unlike in the rgb: form.
  return toHex(
    [0, 1, 2].map((at) =>
      parseInt(digits.slice(at * size, at * size + size).slice(0, 2).padEnd(2, "0"), 16)
    ),
  );
}

/** Writes `#rrggbb` as a terminal reports it: `rgb:rrrr/gggg/bbbb`. */
export function toReport(hex: string): string {
  const [r, g, b] = [hex.slice(1, 3), hex.slice(3, 5), hex.slice(5, 7)];
  return `rgb:${r}${r}/${g}${g}/${b}${b}`;
}
