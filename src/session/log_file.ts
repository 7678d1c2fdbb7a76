/**
 * Reads a session's recorded output by offset. An offset counts the bytes ever written, so that it
 * stays valid when the older half of the log has gone.
 *
 * @module
 */
import { readTextIfThere } from "../base/atomic_file.ts";
import { isRegularFile } from "../base/regular_file.ts";
import { pathsIn } from "./session_paths.ts";

/** A log as it is at one moment; later output is behind its `end()`. */
export interface OpenLog extends Disposable {
  /** Offset of the oldest byte kept. */
  readonly base: number;
  /** Offset behind the newest byte. */
  end(): number;
  /**
   * Reads from an offset on. Returns the count of bytes, 0 at the end. Bytes that a full disk kept
   * from being recorded read as NUL.
   *
   * @throws {RangeError} When `offset` lies before `base`.
   */
  readAt(offset: number, into: Uint8Array): number;
  /** Whether the path now names a newer file (the older half went, or the log was deleted). */
  isReplaced(): boolean;
}

/** A log that is replaced faster than this many looks is not ours. */
const OPEN_ATTEMPTS = 50;

/** Opens the log in a session's folder; undefined where there is none. */
export function openLog(dir: string): OpenLog | undefined {
  const paths = pathsIn(dir);
  for (let attempt = 1;; attempt++) {
    let file: Deno.FsFile;
    try {
      if (!isRegularFile(paths.log)) return undefined;
      file = Deno.openSync(paths.log);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const inode = file.statSync().ino;
    const base = findBase(paths.logBase, inode);
    if (base !== undefined || attempt === OPEN_ATTEMPTS) {
      return describe(file, inode, base ?? 0, paths.log);
    }
    file.close(); // Replaced twice since it was opened.
  }
}

function describe(file: Deno.FsFile, inode: number | null, base: number, path: string): OpenLog {
  let position = 0;
  return {
    base,
    end: () => base + file.statSync().size,
    readAt(offset, into) {
      if (offset < base) throw new RangeError(`offset ${offset} is gone`);
      if (position !== offset - base) {
        position = file.seekSync(offset - base, Deno.SeekMode.Start);
      }
      const count = file.readSync(into) ?? 0;
      position += count;
      return count;
    },
    isReplaced() {
      try {
        return Deno.statSync(path).ino !== inode;
      } catch {
        return false; // Deleted: this one is the newest there is, until the next output.
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/**
 * Reads where a log file begins. The file of bases names each log by its inode, and while one log
 * replaces another it names both, so that no reader ever takes one's base for the other's.
 */
function findBase(path: string, inode: number | null): number | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return 0; // Nothing has ever gone.
  for (const line of text.split("\n")) {
    const [ino, base] = line.split(" ");
    if (ino === String(inode)) return Number(base);
  }
  return undefined;
}
