/**
 * Whether output gets colour.
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
