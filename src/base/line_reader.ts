/**
 * Lines of a file, from its start or from its end, without holding the file in memory.
 *
 * @module
 */

import { isRegularFile } from "./regular_file.ts";

const CHUNK_BYTES = 65_536;
const MAX_LINE_BYTES = 1_048_576;
const NEWLINE = 10;

/** Which part of a file to read. */
export interface LineRange {
  /** Offset of the first byte; 0 where left out. */
  readonly from?: number;
  /** Offset behind the last byte; the file's end where left out. */
  readonly to?: number;
}

/**
 * Yields the lines of a file in order, without their line ends. A last line without one counts too.
 * Of a line longer than 1 MiB only the start is kept. A missing file has no lines.
 */
export function* readLines(path: string, range: LineRange = {}): Generator<string> {
  const file = openIfThere(path);
  if (!file) return;
  try {
    const end = Math.min(range.to ?? Infinity, file.statSync().size);
    let at = range.from ?? 0;
    const line = new LineBuffer();
    const chunk = new Uint8Array(CHUNK_BYTES);
    while (at < end) {
      const length = readAt(file, chunk.subarray(0, Math.min(CHUNK_BYTES, end - at)), at);
      if (length === 0) break;
      at += length;
      let start = 0;
      for (;;) {
        const stop = chunk.subarray(0, length).indexOf(NEWLINE, start);
        if (stop < 0) break;
        line.append(chunk.subarray(start, stop));
        yield line.take();
        start = stop + 1;
      }
      line.append(chunk.subarray(start, length));
    }
    if (!line.isEmpty) yield line.take();
  } finally {
    file.close();
  }
}

/**
 * Yields the lines of a file from the last to the first, reading only as far as the caller goes.
 * Of a line longer than 1 MiB only the start is kept. A missing file has no lines.
 */
export function* readLinesBackward(path: string, range: LineRange = {}): Generator<string> {
  const file = openIfThere(path);
  if (!file) return;
  try {
    const from = range.from ?? 0;
    let at = Math.min(range.to ?? Infinity, file.statSync().size);
    let rest: Uint8Array<ArrayBuffer> = new Uint8Array();
    let isFirst = true;
    while (at > from) {
      const start = Math.max(from, at - CHUNK_BYTES);
      const bytes = new Uint8Array(at - start + rest.length);
      const length = readAt(file, bytes.subarray(0, at - start), start);
      if (length < at - start) return; // The file was cut while we read: nothing safe to say.
      bytes.set(rest, length);
      at = start;
      let stop = bytes.length;
      // The newline that ends the file ends its last line; it does not begin an empty one.
      if (isFirst && bytes[stop - 1] === NEWLINE) stop--;
      isFirst = false;
      for (;;) {
        const before = stop === 0 ? -1 : bytes.lastIndexOf(NEWLINE, stop - 1);
        if (before < 0) break;
        yield decode(bytes.subarray(before + 1, stop));
        stop = before;
      }
      rest = bytes.slice(0, Math.min(stop, MAX_LINE_BYTES));
      if (at <= from) yield decode(rest);
    }
  } finally {
    file.close();
  }
}

/** Collects one line that arrives in pieces; what goes beyond the limit is dropped. */
class LineBuffer {
  #pieces: Uint8Array[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  append(piece: Uint8Array): void {
    const kept = piece.slice(0, Math.max(0, MAX_LINE_BYTES - this.#length));
    if (kept.length > 0) this.#pieces.push(kept);
    this.#length += kept.length;
  }

  take(): string {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#length = 0;
    return decode(bytes);
  }
}

function readAt(file: Deno.FsFile, into: Uint8Array, offset: number): number {
  file.seekSync(offset, Deno.SeekMode.Start);
  let length = 0;
  while (length < into.length) {
    const count = file.readSync(into.subarray(length));
    if (count === null) break;
    length += count;
  }
  return length;
}

function decode(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

function openIfThere(path: string): Deno.FsFile | undefined {
  try {
    return isRegularFile(path) ? Deno.openSync(path) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
