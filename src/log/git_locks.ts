/**
 * Lock files that a killed git left in its folder. Git writes no owner into them, so a lock goes only
 * when it is not fresh and no git runs on this machine that could own it.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";

/** A git command over a folder of text files ends in far less. */
const MIN_AGE_MS = 2000;

/** Git's own services; they run for days and hold no lock of an index. */
const SERVICES = /(fsmonitor--daemon|credential-cache--daemon|git-daemon|git daemon)/;

/** Finds the lock file that a git command stumbled over, from what it said. */
export function findBlockingLock(stderr: string): string | undefined {
  return /Unable to create '([^'\n]+\.lock)': File exists/.exec(stderr)?.[1];
}

/**
 * Removes a lock file whose owner is dead.
 *
 * @param gitDir The repository's own folder; a lock elsewhere is left alone.
 * @returns Whether the lock is gone.
 */
export async function removeDeadLock(lock: string, gitDir: string): Promise<boolean> {
  const path = resolve(gitDir, lock);
  if (!path.startsWith(join(gitDir, "/"))) return false;
  let age: number;
  try {
    age = Date.now() - (Deno.lstatSync(path).mtime?.getTime() ?? Date.now());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
  // A time from the future says nothing: the clock was set back.
  if (age >= 0 && age < MIN_AGE_MS) return false;
  if (await mayGitBeRunning()) return false;
  removeIfThere(path);
  return true;
}

async function mayGitBeRunning(): Promise<boolean> {
  try {
    const { success, stdout } = await new Deno.Command("ps", {
      args: ["-A", "-o", "args="],
      stdin: "null",
      stderr: "null",
    }).output();
    if (!success) return true;
    return new TextDecoder().decode(stdout).split("\n").some((line) =>
      /^(\S*\/)?git(-\S+)?(\s|$)/.test(line) && !SERVICES.test(line)
    );
  } catch {
    return true; // Without `ps` nobody can tell: the lock stays, and the warning names it.
  }
}
