/**
 * Tells when the data dir was removed under a running pulse: nothing is made anew in its place.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";

/**
 * Returns while the data dir is there.
 *
 * @param problem What to say of it when it is not.
 * @throws {LooopError} With exit code 1.
 */
export function requireDataDir(dataDir: string, problem = "has vanished"): void {
  try {
    if (Deno.statSync(dataDir).isDirectory) return;
  } catch {
    // Told below.
  }
  throw new LooopError(`the data dir ${dataDir} ${problem}`, {
    hint: "restore it, then run `looop`",
  });
}
