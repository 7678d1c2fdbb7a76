/**
 * What flock.ts does, without foreign calls: by Deno's own lock, and before Deno had one that does
 * not wait, by asking the program `flock` first.
 *
 * @module
 */

/** A file whose lock can be tried (Deno 2.8 and later). */
type TryLock = { tryLockSync?(isExclusive: boolean): boolean };

const held = new Map<number, Deno.FsFile>();
let lastNumber = 0;

/** See flock.ts; the number returned is no descriptor. */
export function tryFlock(path: string, kind: "exclusive" | "shared"): number {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true, write: true });
  } catch {
    return -2; // Not there, or not ours.
  }
  if (!lock(file, path, kind === "exclusive")) {
    file.close();
    return -1;
  }
  held.set(++lastNumber, file);
  return lastNumber;
}

/** See flock.ts. */
export function closeFlock(number: number): void {
  held.get(number)?.close();
  held.delete(number);
}

function lock(file: Deno.FsFile, path: string, isExclusive: boolean): boolean {
  const newer: TryLock = file;
  if (newer.tryLockSync) return newer.tryLockSync(isExclusive);
  const args = ["-n", isExclusive ? "-x" : "-s", path, "true"];
  if (!new Deno.Command("flock", { args, stderr: "null" }).outputSync().success) return false;
  // Another one may come between the question and this, which then waits for it to let go.
  file.lockSync(isExclusive);
  return true;
}
