/**
 * How to run looop again, from whatever it was started: source, one binary, a package URL.
 *
 * @module
 */
import { join } from "node:path";
import { ensurePrivateDir, readTextIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { quoteForShell } from "./runners.ts";

/** Read once: after an upgrade the system tells the path of a running program with "(deleted)" behind it. */
const EXEC_PATH = Deno.execPath();
let entryUrl: string = new URL("../../main.ts", import.meta.url).href;

/** Notes the entry module's own URL; called by `main.ts` before anything else. */
export function setEntryUrl(url: string): void {
  entryUrl = url;
}

/** Returns the command that runs looop again, without its arguments. */
export function selfCommand(): readonly string[] {
  return Deno.build.standalone ? [EXEC_PATH] : [EXEC_PATH, "run", "-A", "--quiet", entryUrl];
}

/**
 * Makes sure that there is ONE executable path that runs looop.
 *
 * @param binDir Where a launcher goes when looop is not one binary.
 * @returns The path, for `LOOOP_BIN`.
 */
export function ensureLooopBin(binDir: string): string {
  const command = selfCommand();
  if (command.length === 1) return command[0]!;
  const path = join(binDir, "looop");
  const script = `#!/bin/sh\nexec ${command.map(quoteForShell).join(" ")} "$@"\n`;
  if (readTextIfThere(path) !== script) {
    ensurePrivateDir(binDir);
    writeFileAtomic(path, script, { mode: 0o700 });
  }
  return path;
}
