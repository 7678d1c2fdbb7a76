/**
 * How looop runs looop again, from whatever it runs now: a checkout, JSR, a bundle behind a
 * launcher, or the compiled binary.
 *
 * @module
 */
import { join } from "node:path";
import { ensurePrivateDir, readTextIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { entryUrl, execPath } from "./entry.ts";
import { permissionFlags } from "./permissions.ts";
import { quoteForShell } from "./runners.ts";

export { registerEntry } from "./entry.ts";

/** Name of the launcher that `ensureLooopBin()` writes. */
const LAUNCHER_NAME = "looop";

/**
 * Returns the command that starts looop again, to be followed by a verb.
 *
 * @returns The program's path and the arguments that come before the verb.
 */
export function selfCommand(): readonly [string, ...string[]] {
  return Deno.build.standalone ? [execPath] : [execPath, ...runArguments(entryUrl())];
}

/**
 * Returns one executable path that works as `"$LOOOP_BIN" flag …`, which `selfCommand()` alone does
 * not give when Deno runs looop from its sources: then a small launcher is kept in `folder`.
 *
 * @param folder Where a launcher may be put; created with mode 0700 if need be.
 */
export function ensureLooopBin(folder: string): string {
  if (Deno.build.standalone) return execPath;
  const path = join(folder, LAUNCHER_NAME);
  const text = launcherText(execPath, runArguments(entryUrl()));
  if (readTextIfThere(path) !== text || !isExecutable(path)) {
    ensurePrivateDir(folder);
    writeFileAtomic(path, text, { mode: 0o700 });
  }
  return path;
}

/**
 * Writes the launcher: a shell script that holds absolute paths, safe for any name.
 *
 * @param deno Path of Deno; one that has gone by the time (a version manager's) is looked up on PATH.
 * @param args What stands before the verb.
 */
export function launcherText(deno: string, args: readonly string[]): string {
  return [
    "#!/bin/sh",
    "# Runs looop the way it ran when it wrote this; rewritten whenever that changes.",
    `deno=${quoteForShell(deno)}`,
    '[ -x "$deno" ] || deno=deno',
    `exec "$deno" ${args.map(quoteForShell).join(" ")} "$@"`,
    "",
  ].join("\n");
}

/** Lists what stands between `deno` and the verb. */
function runArguments(entry: string): readonly string[] {
  // A checkout's own deno.json maps its imports; anywhere else none may be picked up by chance.
  const config = entry.endsWith("/main.ts") && entry.startsWith("file:") ? [] : ["--no-config"];
  return ["run", "--quiet", ...config, ...grantedFlags(), entry];
}

/** What was denied to us stays denied to those that we start. */
function grantedFlags(): readonly string[] {
  const isDenied = Deno.permissions.querySync({ name: "ffi" }).state === "denied";
  const flags = permissionFlags();
  return isDenied ? [...flags.filter((flag) => !flag.includes("-ffi")), "--deny-ffi"] : flags;
}

function isExecutable(path: string): boolean {
  return ((Deno.statSync(path).mode ?? 0) & 0o100) !== 0;
}
