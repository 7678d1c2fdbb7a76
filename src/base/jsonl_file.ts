/**
 * Files of JSON lines that several processes append to and that stay within bounds.
 *
 * An append is one write; making the file smaller happens in a copy that replaces it by rename; both
 * under a lock of the file itself. Whoever waited for the lock looks whether the file is still the one
 * at the path and starts again if not: so no line goes to a file that has just been replaced, and a
 * crash anywhere leaves either the old file or the new one.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { PRIVATE_FILE_MODE, removeIfThere, writeAllSync } from "./atomic_file.ts";
import { LooopError, messageOf } from "./errors.ts";
import { readLines } from "./line_reader.ts";
import { isRegularFile } from "./regular_file.ts";

const NEWLINE = 10;
const COPY_BYTES = 1_048_576;

/** How a file is kept small. */
export interface JsonlBounds {
  /** Size in bytes beyond which the older half makes room. */
  readonly limitBytes: number;
  /** Turns the older lines into the few that replace them; where left out they go. */
  readonly digest?: (olderLines: Iterable<string>) => readonly string[];
}

/** How a line is appended. */
export interface AppendOptions {
  /** Whether the line is flushed to disk before the call returns; false where left out. */
  readonly isDurable?: boolean;
  readonly bounds?: JsonlBounds;
}

/**
 * Appends one value as one line. Creates the file, mode 0600, where there is none. A last line that
 * a crash left without its end is closed first, so that it spoils only itself.
 *
 * @throws {LooopError} When the file cannot be opened, or the disk did not take the line; none of it
 *   is left then.
 */
export function appendJsonLine(path: string, value: unknown, options: AppendOptions = {}): void {
  appendLine(path, JSON.stringify(value), options);
}

/**
 * Appends one line of any text, in the same way.
 *
 * @param text Without a line end.
 * @throws {LooopError} As `appendJsonLine()`.
 */
export function appendLine(path: string, text: string, options: AppendOptions = {}): void {
  const line = new TextEncoder().encode(text + "\n");
  const sizes = withLockedFile(path, (file) => {
    const before = file.statSync().size;
    const bytes = before > 0 && lastByte(file, before) !== NEWLINE ? concat("\n", line) : line;
    try {
      writeAllSync(file, bytes); // one write, unless the disk is full
      if (options.isDurable) file.syncDataSync();
    } catch (error) {
      file.truncateSync(before);
      const hint = "look for space on the disk";
      throw new LooopError(`cannot append to ${path}: ${messageOf(error)}`, { hint, cause: error });
    }
    return { before, after: before + bytes.length };
  });
  const { bounds } = options;
  if (!bounds || !isDue(sizes.before, sizes.after, bounds.limitBytes)) return;
  try {
    shrinkJsonl(path, bounds);
  } catch (error) {
    if (!/os error/.test(messageOf(error))) throw error;
    // The line is written. The file stays long (no space for the copy, say) until the next mark.
  }
}

/**
 * Makes the file smaller now, if it is over its limit: the newer lines, half the limit of them, stay
 * byte for byte, the older ones are replaced by their digest.
 */
export function shrinkJsonl(path: string, bounds: JsonlBounds): void {
  const temporary = join(dirname(path), `.tmp-${Deno.pid}-${crypto.randomUUID()}`);
  withLockedFile(path, (file) => {
    const { size } = file.statSync();
    if (size <= bounds.limitBytes) return;
    const cut = lineStartAt(file, size - Math.floor(bounds.limitBytes / 2), size);
    const digest = bounds.digest?.(readLines(path, { to: cut })) ?? [];
    try {
      const copy = Deno.openSync(temporary, {
        write: true,
        createNew: true,
        mode: PRIVATE_FILE_MODE,
      });
      try {
        for (const line of digest) writeAllSync(copy, new TextEncoder().encode(line + "\n"));
        copyRange(file, copy, cut);
        copy.syncSync();
      } finally {
        copy.close();
      }
      Deno.renameSync(temporary, path);
    } catch (error) {
      removeIfThere(temporary);
      throw error;
    }
  });
}

/** One line of a file as it was found. */
export type JsonLine =
  | { readonly isBroken: false; readonly value: unknown; readonly text: string }
  | { readonly isBroken: true; readonly text: string };

/** Parses lines; empty ones are skipped, those that are not JSON are marked as broken. */
export function* parseJsonLines(lines: Iterable<string>): Generator<JsonLine> {
  for (const text of lines) {
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      yield { isBroken: true, text };
      continue;
    }
    yield { isBroken: false, value, text };
  }
}

/**
 * Tells whether this append crossed one of the marks at which the file is looked at: the limit, and
 * each quarter of it beyond. Without a memory of its own, and never at each append, even when the
 * digest alone is larger than the limit.
 */
function isDue(before: number, after: number, limitBytes: number): boolean {
  const step = Math.max(1, limitBytes / 4);
  return after > limitBytes && Math.floor(before / step) !== Math.floor(after / step);
}

/** Runs `use` on the file at the path, opened for appending and locked. */
function withLockedFile<T>(path: string, use: (file: Deno.FsFile) => T): T {
  for (;;) {
    const file = openForAppending(path);
    try {
      file.lockSync(true); // flock(2): taken back by the system when we die
      if (isAtPath(file, path)) return use(file);
    } finally {
      file.close();
    }
  }
}

function openForAppending(path: string): Deno.FsFile {
  isRegularFile(path, "append");
  try {
    return Deno.openSync(path, { read: true, append: true, create: true, mode: PRIVATE_FILE_MODE });
  } catch (error) {
    const hint = `look at the folder ${dirname(path)}`;
    throw new LooopError(`cannot append to ${path}: ${messageOf(error)}`, { hint, cause: error });
  }
}

function isAtPath(file: Deno.FsFile, path: string): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function lastByte(file: Deno.FsFile, size: number): number | undefined {
  const byte = new Uint8Array(1);
  file.seekSync(size - 1, Deno.SeekMode.Start);
  file.readSync(byte);
  return byte[0];
}

/** Returns the offset of the first line that starts at or behind `offset`. */
function lineStartAt(file: Deno.FsFile, offset: number, size: number): number {
  if (offset <= 0) return 0;
  const chunk = new Uint8Array(65_536);
  file.seekSync(offset - 1, Deno.SeekMode.Start);
  for (let at = offset - 1; at < size;) {
    const length = file.readSync(chunk) ?? 0;
    const stop = chunk.subarray(0, length).indexOf(NEWLINE);
    if (stop >= 0) return at + stop + 1;
    if (length === 0) break;
    at += length;
  }
  return size;
}

function copyRange(from: Deno.FsFile, to: Deno.FsFile, offset: number): void {
  from.seekSync(offset, Deno.SeekMode.Start);
  const chunk = new Uint8Array(COPY_BYTES);
  for (;;) {
    const length = from.readSync(chunk);
    if (length === null) return;
    writeAllSync(to, chunk.subarray(0, length));
  }
}

function concat(text: string, bytes: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(text);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return all;
}
