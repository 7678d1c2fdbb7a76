/**
 * Times and sizes by offset: `output.idx`, JSON lines `[offset, ms]` and `[offset, ms, cols, rows]`.
 *
 * @module
 */
import { PRIVATE_FILE_MODE, writeFileAtomic } from "../base/atomic_file.ts";
import { writeAllSync } from "../base/write_all.ts";

/** Output within this time of the last record gets none of its own. */
const STEP_MS = 1000;
/** Beyond this the index is thinned to every other time. */
const LIMIT_BYTES = 1024 * 1024;

/** The writer of one incarnation's index. A full disk costs records, nothing else. */
export class LogIndex {
  readonly #path: string;
  #bytes = 0;
  #lastMs = -Infinity;

  constructor(path: string) {
    this.#path = path;
    Deno.openSync(path, { write: true, create: true, truncate: true, mode: PRIVATE_FILE_MODE })
      .close();
  }

  /** Notes when the output at an offset came, at most once a second. */
  noteTime(offset: number): void {
    const now = performance.now();
    if (now - this.#lastMs < STEP_MS) return;
    this.#lastMs = now;
    this.#add([offset, Date.now()]);
  }

  /** Notes the size that holds from an offset on. */
  noteSize(offset: number, cols: number, rows: number): void {
    this.#add([offset, Date.now(), cols, rows]);
  }

  #add(record: readonly number[]): void {
    try {
      const line = new TextEncoder().encode(JSON.stringify(record) + "\n");
      const file = Deno.openSync(this.#path, { append: true });
      try {
        writeAllSync(file, line);
      } finally {
        file.close();
      }
      this.#bytes += line.length;
      if (this.#bytes > LIMIT_BYTES) this.#thin();
    } catch {
      // The index is an aid: a session without it is still whole.
    }
  }

  #thin(): void {
    const lines = Deno.readTextFileSync(this.#path).split("\n");
    const kept = lines.filter((line, i) => i % 2 === 0 || line.split(",").length > 2);
    const text = kept.filter((line) => line !== "").join("\n") + "\n";
    writeFileAtomic(this.#path, text);
    this.#bytes = text.length;
  }
}
