/**
 * Writes a session's output: the log with its limit, and beside it times and sizes by offset.
 *
 * What goes wrong with the files:
 * - disk full: bytes wait in memory (1 MiB), older ones are lost, counted, and read as NUL later;
 * - log deleted: it is written anew, whole, from the descriptor that is still open;
 * - folder deleted: the supervisor is told, and ends the session that nobody can reach;
 * - log cut short: the bytes that went read as NUL; offsets stay true.
 *
 * @module
 */
import { PRIVATE_FILE_MODE, writeFileAtomic } from "../base/atomic_file.ts";
import type { SessionPaths } from "./session_paths.ts";

/** Output that waits for room on the disk. */
const BACKLOG_BYTES = 1024 * 1024;
/** How often at most the recorder looks whether the log is still where it was. */
const CHECK_MS = 100;
const COPY_BYTES = 1024 * 1024;

/** The writer of one incarnation's log. */
export class Recorder {
  readonly #paths: SessionPaths;
  readonly #limit: number;
  #file: Deno.FsFile;
  #inode: number | null;
  #base = 0;
  /** Offset behind the last byte that is in the file. */
  #written = 0;
  #backlog: Uint8Array<ArrayBuffer>[] = [];
  #backlogBytes = 0;
  #lastCheck = 0;
  #lostBytes = 0;
  #isFolderGone = false;
  /** The log before the last cut, for a screen that has not seen all of it yet. */
  #old: { readonly file: Deno.FsFile; readonly base: number; readonly end: number } | undefined;

  constructor(paths: SessionPaths, limitBytes: number) {
    this.#paths = paths;
    this.#limit = Math.max(limitBytes, 4096);
    this.#file = openNew(paths.log);
    this.#inode = this.#file.statSync().ino;
  }

  /** Offset of the oldest byte kept. */
  get base(): number {
    return this.#base;
  }

  /** Offset behind the last byte ever written. */
  get end(): number {
    return this.#written + this.#backlogBytes;
  }

  /** Bytes that found no room on the disk. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Whether the session's whole folder was removed: nobody can reach the session any more. */
  get isFolderGone(): boolean {
    return this.#isFolderGone;
  }

  /** Whether output waits in memory because the disk takes none. */
  get isBlocked(): boolean {
    return this.#backlogBytes > 0;
  }

  /** Where the log shall begin after the next cut, or undefined while it is within its limit. */
  get cutAt(): number | undefined {
    const size = this.#written - this.#base;
    return size > this.#limit ? this.#written - Math.floor(this.#limit / 2) : undefined;
  }

  /** Adds output behind everything before it. */
  append(bytes: Uint8Array<ArrayBuffer>): void {
    const now = performance.now();
    if (now - this.#lastCheck >= CHECK_MS) {
      this.#lastCheck = now;
      this.#checkFile();
    }
    if (this.#backlogBytes > 0 && !this.flush()) return this.#keep(bytes);
    const count = this.#write(bytes);
    if (count < bytes.length) this.#keep(bytes.subarray(count));
  }

  /** Tries to write what waits in memory. Returns whether nothing waits any more. */
  flush(): boolean {
    while (this.#backlog.length > 0) {
      const [first] = this.#backlog;
      const count = this.#write(first!);
      this.#backlogBytes -= count;
      if (count < first!.length) {
        this.#backlog[0] = first!.subarray(count);
        return false;
      }
      this.#backlog.shift();
    }
    return true;
  }

  /** Reads recorded output; 0 at the end. Output that waits for room is read from memory. */
  read(offset: number, into: Uint8Array): number {
    if (offset < this.#base) return this.#readOld(offset, into);
    if (offset < this.#written) {
      const room = into.subarray(0, Math.min(into.length, this.#written - offset));
      this.#file.seekSync(offset - this.#base, Deno.SeekMode.Start);
      const count = this.#file.readSync(room) ?? 0;
      this.#file.seekSync(this.#written - this.#base, Deno.SeekMode.Start);
      if (count > 0) return count;
      room.fill(0); // Cut short by somebody else.
      return room.length;
    }
    let at = this.#written;
    for (const part of this.#backlog) {
      if (offset < at + part.length) {
        const piece = part.subarray(offset - at, offset - at + into.length);
        into.set(piece);
        return piece.length;
      }
      at += part.length;
    }
    return 0;
  }

  /** Whether output that a cut took is still kept open for `read()`. */
  get hasOld(): boolean {
    return this.#old !== undefined;
  }

  /**
   * Lets everything before `newBase` go. Without room for the copy the log stays as it is.
   *
   * @param options `isOldKept`: it stays readable here until `release()` or the next cut.
   */
  cut(newBase: number, { isOldKept }: { readonly isOldKept: boolean }): void {
    const old = { file: this.#file, base: this.#base, end: newBase };
    if (!this.#replace(newBase)) return;
    this.#old?.file.close();
    this.#old = old;
    if (!isOldKept) this.release(newBase);
  }

  /** Nothing before `offset` will be read any more. */
  release(offset: number): void {
    if (this.#old === undefined || offset < this.#old.end) return;
    this.#old.file.close();
    this.#old = undefined;
  }

  close(): void {
    this.flush();
    this.release(Infinity);
    this.#file.close();
  }

  #readOld(offset: number, into: Uint8Array): number {
    if (this.#old === undefined || offset < this.#old.base) return 0;
    const { file, base, end } = this.#old;
    file.seekSync(offset - base, Deno.SeekMode.Start);
    return file.readSync(into.subarray(0, Math.min(into.length, end - offset))) ?? 0;
  }

  #keep(bytes: Uint8Array<ArrayBuffer>): void {
    this.#backlog.push(bytes.slice());
    this.#backlogBytes += bytes.length;
    while (this.#backlogBytes > BACKLOG_BYTES && this.#backlog.length > 1) {
      const lost = this.#backlog.shift()!.length;
      this.#backlogBytes -= lost;
      this.#lostBytes += lost;
      this.#written += lost; // A hole in the file: it reads as NUL and takes no room.
      this.#file.seekSync(this.#written - this.#base, Deno.SeekMode.Start);
    }
  }

  #write(bytes: Uint8Array<ArrayBuffer>): number {
    let count = 0;
    try {
      while (count < bytes.length) count += this.#file.writeSync(bytes.subarray(count));
    } catch {
      // Disk full, or a file size limit: the rest waits.
    }
    this.#written += count;
    return count;
  }

  /** The path may name another file now, or none: then the log is written anew. */
  #checkFile(): void {
    try {
      if (Deno.statSync(this.#paths.log).ino === this.#inode) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) return;
    }
    try {
      Deno.statSync(this.#paths.dir);
      const lost = this.#file;
      if (this.#replace(this.#base)) lost.close();
    } catch (error) {
      this.#isFolderGone = error instanceof Deno.errors.NotFound;
    }
  }

  /** Puts a copy from `newBase` on in the log's place; the caller closes the file that was there. */
  #replace(newBase: number): boolean {
    const temporary = `${this.#paths.log}.new`;
    let next: Deno.FsFile | undefined;
    try {
      next = openNew(temporary);
      this.#copyTo(next, newBase);
      const inode = next.statSync().ino;
      const bases = `${inode} ${newBase}\n${this.#inode} ${this.#base}\n`;
      writeFileAtomic(this.#paths.logBase, bases, { flush: false });
      Deno.renameSync(temporary, this.#paths.log);
      this.#file = next;
      this.#inode = inode;
      this.#base = newBase;
      return true;
    } catch {
      next?.close(); // No room, or no folder any more: the old file goes on.
      try {
        Deno.removeSync(temporary);
      } catch {
        // It was never made.
      }
      this.#file.seekSync(this.#written - this.#base, Deno.SeekMode.Start);
      return false;
    }
  }

  #copyTo(target: Deno.FsFile, from: number): void {
    const buffer = new Uint8Array(Math.min(COPY_BYTES, Math.max(1, this.#written - from)));
    this.#file.seekSync(from - this.#base, Deno.SeekMode.Start);
    for (let left = this.#written - from; left > 0;) {
      const count = this.#file.readSync(buffer.subarray(0, Math.min(left, buffer.length))) ?? 0;
      if (count === 0) break;
      for (let at = 0; at < count;) at += target.writeSync(buffer.subarray(at, count));
      left -= count;
    }
    target.seekSync(this.#written - from, Deno.SeekMode.Start);
  }
}

/** The log is one file name for all incarnations; each begins with an empty one. */
function openNew(path: string): Deno.FsFile {
  const mode = PRIVATE_FILE_MODE;
  return Deno.openSync(path, { read: true, write: true, create: true, truncate: true, mode });
}
