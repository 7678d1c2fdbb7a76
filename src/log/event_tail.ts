/**
 * Follows `events.jsonl` from its end on, also across the moments when its older half goes.
 *
 * @module
 */
import { readTextIfThere } from "../base/atomic_file.ts";
import { type LogEvent, parseEventLine } from "./events.ts";

/** A reader that remembers where it was. */
export class EventTail {
  #inode: number | null = null;
  #offset = 0;
  #lastLine = "";
  #rest = "";
  #decoder = new TextDecoder();

  /** Starts behind the last event that is there now. */
  constructor(readonly path: string) {
    const text = readTextIfThere(path) ?? "";
    this.#lastLine = text.trimEnd().split("\n").at(-1) ?? "";
    this.#offset = new TextEncoder().encode(text).length;
    this.#inode = inodeOf(path);
  }

  /** Reads the events that came since the last call. */
  read(): readonly LogEvent[] {
    const inode = inodeOf(this.path);
    if (inode === null) return [];
    const lines = inode === this.#inode ? this.#appended() : this.#afterReplacement(inode);
    return lines.flatMap((line) => {
      if (line.trim() === "") return [];
      this.#lastLine = line;
      const event = parseEventLine(line);
      return event ? [event] : [];
    });
  }

  #appended(): readonly string[] {
    using file = Deno.openSync(this.path);
    file.seekSync(this.#offset, Deno.SeekMode.Start);
    const buffer = new Uint8Array(65_536);
    let text = this.#rest;
    for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
      this.#offset += count;
      text += this.#decoder.decode(buffer.subarray(0, count), { stream: true });
    }
    const lines = text.split("\n");
    this.#rest = lines.pop()!;
    return lines;
  }

  /** The file was written anew with its newer half: goes on behind the last line that was seen. */
  #afterReplacement(inode: number): readonly string[] {
    this.#inode = inode;
    this.#offset = 0;
    this.#rest = "";
    this.#decoder = new TextDecoder();
    const lines = this.#appended();
    return lines.slice(lines.lastIndexOf(this.#lastLine) + 1);
  }
}

function inodeOf(path: string): number | null {
  try {
    return Deno.statSync(path).ino;
  } catch {
    return null; // Not written yet, or just being replaced.
  }
}
