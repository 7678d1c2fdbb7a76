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
/** A person's own git is given this time to end. */
const MAX_WAIT_MS = 3000;
const POLL_MS = 100;

/** What may run for hours and holds no lock: git's own services, and readers that sit in a pager. */
const HARMLESS =
  /fsmonitor--daemon|credential-cache--daemon|git[- ]daemon|git (log|show|diff|blame|grep|help)\b/;

/** Finds the lock file that a git command stumbled over, from what it said. */
export function findBlockingLock(stderr: string): string | undefined {
  return /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1];
}

/**
 * Waits for a lock file to go, a few seconds at most, and removes it where its owner is dead.
 *
 * @param gitDir The repository's own folder; a lock elsewhere is left alone.
 * @returns Whether the lock is gone.
 */
export async function clearLock(lock: string, gitDir: string): Promise<boolean> {
  const path = resolve(gitDir, lock);
  if (!path.startsWith(join(gitDir, "/"))) return false;
  const deadline = Date.now() + MAX_WAIT_MS;
  for (;;) {
    const age = findAgeMs(path);
    if (age === undefined) return true;
    // A time from the future says nothing: the clock was set back.
    if ((age < 0 || age >= MIN_AGE_MS) && !await mayGitBeRunning()) {
      removeIfThere(path);
      return true;
    }
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function findAgeMs(path: string): number | undefined {
  try {
    return Date.now() - (Deno.lstatSync(path).mtime?.getTime() ?? Date.now());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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
      /^(\S*\/)?git(-\S+)?(\s|$)/.test(line) && !HARMLESS.test(line)
    );
  } catch {
    return true; // Without `ps` nobody can tell: the lock stays, and the warning names it.
  }
}
