/**
 * Looks a program up as `execvp` would, but before anything is started: a shell that stands
 * between would hide that there is no such program.
 *
 * @module
 */
import { isAbsolute, resolve } from "node:path";
import { LooopError } from "../base/errors.ts";

/**
 * Finds the file behind a command's name.
 *
 * @throws {LooopError} When there is none that can be executed (exit code 1).
 */
export function findProgram(name: string, cwd: string, searchPath: string): string {
  if (name.includes("/")) {
    const path = isAbsolute(name) ? name : resolve(cwd, name);
    if (isExecutable(path)) return path;
    throw new LooopError(`cannot execute ${path}: no such program`);
  }
  for (const folder of searchPath.split(":")) {
    const path = resolve(cwd, folder, name);
    if (isExecutable(path)) return path;
  }
  throw new LooopError(`cannot find the program "${name}" on PATH`, {
    hint: `PATH is ${searchPath}`,
  });
}

function isExecutable(path: string): boolean {
  try {
    const info = Deno.statSync(path);
    return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
  } catch {
    return false; // Not there, or in a folder that may not be entered.
  }
}
