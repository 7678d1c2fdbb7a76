/**
 * When a sleeping pulse beats again, in `.next-beat`: only the pulse knows, for the LLM may have asked
 * for a pause of its own. Scratch, for those who want to tell it.
 *
 * @module
 */
import { readTextIfThere, removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import type { ProfilePaths } from "../profile/profile.ts";

/** The last moment that a date can hold, in ms since 1970 (ECMA-262). */
const MAX_DATE_MS = 8.64e15;

/** Notes when this process beats again unless something wakes it, in ms since 1970. */
export function noteNextBeat({ nextBeat }: ProfilePaths, atMs: number): void {
  try {
    const text = JSON.stringify({ pid: Deno.pid, at_ms: Math.round(atMs) }) + "\n";
    writeFileAtomic(nextBeat, text, { flush: false });
  } catch {
    // A full disk, say: the beat comes all the same, and nobody can tell when.
  }
}

/** Forgets it: the beat has come. */
export function forgetNextBeat({ nextBeat }: ProfilePaths): void {
  try {
    removeIfThere(nextBeat);
  } catch {
    // As above; whoever reads it sees that its time is over.
  }
}

/**
 * Reads when the pulse beats again, in ms since 1970.
 *
 * @param pid Who holds the profile's lock: the word of a pulse that was killed does not count.
 */
export function readNextBeat({ nextBeat }: ProfilePaths, pid: number | null): number | undefined {
  try {
    const { pid: writer, at_ms: atMs } = JSON.parse(readTextIfThere(nextBeat) ?? "{}");
    const isTime = Number.isFinite(atMs) && Math.abs(atMs) <= MAX_DATE_MS;
    return pid !== null && writer === pid && isTime ? atMs : undefined;
  } catch {
    return undefined; // Scratch that cannot be read is scratch that is not there.
  }
}
