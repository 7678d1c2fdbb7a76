/**
 * Packs a repository now and then, in the foreground: nothing of git's runs on behind our back.
 *
 * @module
 */
import { join } from "node:path";
import { foldLine } from "../base/plain_text.ts";
import type { Git } from "./git.ts";

/** Git spreads loose objects over 256 folders; one of them stands for all, as in git's own guess. */
const SAMPLE_FOLDER = "objects/17";
/** Eight in one folder: some 2,000 in all, which are some 500 moves. */
const DUE_AT = 8;

/**
 * Packs the repository when it has grown many loose objects.
 *
 * @returns A warning where that failed; the history itself is none the worse.
 */
export async function packIfDue(git: Git, gitDir: string): Promise<string | undefined> {
  if (countEntries(join(gitDir, SAMPLE_FOLDER)) < DUE_AT) return undefined;
  const { code, stderr } = await git.run(["gc", "--quiet"]);
  return code === 0 ? undefined : `git: cannot pack the history: ${foldLine(stderr)}`;
}

function countEntries(folder: string): number {
  try {
    return [...Deno.readDirSync(folder)].length;
  } catch {
    return 0; // No such folder: no loose objects there, or objects kept elsewhere.
  }
}
