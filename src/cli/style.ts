/**
 * Whether output gets colour, and the few styles that it uses.
 *
 * @module
 */
import type { CliContext } from "./context.ts";

/** Tells whether to colour: `LOOOP_COLOR` says always or never, then `NO_COLOR`, then the terminal. */
export function wantsColour({ env, stdoutIsTerminal }: CliContext): boolean {
  const wish = env("LOOOP_COLOR");
  if (wish === "always") return true;
  if (wish === "never" || env("NO_COLOR") !== undefined) return false;
  return stdoutIsTerminal && env("TERM") !== "dumb";
}

/** Numbers of the ANSI styles (ECMA-48, SGR). */
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

/** Functions that put one style around a text, or return it as it is. */
export type Paint = { readonly [S in keyof typeof STYLES]: (text: string) => string };

/** Returns the styles; without colour each of them changes nothing. */
export function paintWith(hasColour: boolean): Paint {
  const entries = Object.entries(STYLES).map(([name, code]) => [
    name,
    (text: string) => hasColour && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text,
  ]);
  return Object.fromEntries(entries) as Paint;
}
