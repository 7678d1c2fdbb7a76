/**
 * Locks that the system takes back when their holder dies, however it dies.
 *
 * A lock lies on a file's open descriptor (`flock`), never on a pid that is written down: a recycled
 * pid cannot look like a holder. The holder's pid stands inside the file only to be told to people.
 *
 * @module
 */
import { closeFlock, tryFlock } from "../libc/flock.ts";
import { LooopError, messageOf } from "./errors.ts";
import { PRIVATE_FILE_MODE } from "./atomic_file.ts";
import { isRegularFile } from "./regular_file.ts";

/** A lock that is held; `using` or `release()` gives it back. */
export interface HeldLock extends Disposable {
  release(): void;
}

/**
 * Takes an exclusive lock at once or not at all. Creates the file where there is none.
 *
 * @returns The held lock, or undefined while another process holds it.
 * @throws {LooopError} When the file can be neither created nor opened.
 */
export function tryLock(path: string): HeldLock | undefined {
  // A FIFO would keep us waiting, and through a link another file would be written over.
  if (!isRegularFile(path, "append")) openOrMake(path);
  const fd = tryFlock(path, "exclusive");
  if (fd === -1) return undefined;
  if (fd < 0) {
    openOrMake(path); // Says why it cannot be.
    throw new LooopError(`cannot open the lock file ${path}`);
  }
  Deno.writeTextFileSync(path, `${Deno.pid}\n`);
  let isHeld = true;
  const release = () => {
    if (isHeld) closeFlock(fd);
    isHeld = false;
  };
  return { release, [Symbol.dispose]: release };
}

/** Tells whether some process holds the lock of `path` now. A missing file is held by nobody. */
export function isLocked(path: string): boolean {
  const fd = tryFlock(path, "shared");
  if (fd >= 0) closeFlock(fd);
  return fd === -1;
}

/** Reads which pid wrote itself down as the holder; only for messages, never for decisions. */
export function readLockPid(path: string): number | undefined {
  try {
    if (!isRegularFile(path)) return undefined;
    const pid = Number.parseInt(Deno.readTextFileSync(path), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined; // No file, no holder to name.
  }
}

function openOrMake(path: string): void {
  try {
    Deno.openSync(path, { create: true, write: true, mode: PRIVATE_FILE_MODE }).close();
  } catch (error) {
    throw new LooopError(`cannot open the lock file ${path}: ${messageOf(error)}`, {
      hint: "check its owner and mode, its folder's, and whether the disk can be written",
      cause: error,
    });
  }
}
