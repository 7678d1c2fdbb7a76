/**
 * Cuts output into lines of plain text, each with the offset at which it begins.
 *
 * @module
 */
import { PlainText } from "./plain_text.ts";
import type { LogChunk } from "./read_log.ts";

const LINE_FEED = 10;

/** One line without its end. */
export interface LogLine {
  readonly offset: number;
  readonly text: string;
}

/** A stream from output to lines. */
export class LogLines {
  readonly #text = new PlainText();
  #partial = "";
  #lineOffset = 0;
  #end = -1;

  /** Takes the next output. Returns the lines that are finished. */
  push({ offset, bytes }: LogChunk): readonly LogLine[] {
    const lines: LogLine[] = [];
    if (offset !== this.#end) this.#lineOffset = offset; // The first piece, or one behind a gap.
    this.#end = offset + bytes.length;
    for (let from = 0; from < bytes.length;) {
      const at = bytes.indexOf(LINE_FEED, from);
      const to = at < 0 ? bytes.length : at + 1;
      const pieces = (this.#partial + this.#text.push(bytes.subarray(from, to))).split("\n");
      this.#partial = pieces.pop()!;
      for (const text of pieces) lines.push({ offset: this.#lineOffset, text });
      if (pieces.length > 0) this.#lineOffset = offset + to;
      from = to;
    }
    return lines;
  }

  /** Ends the stream. Returns the last line where it is not empty. */
  end(): readonly LogLine[] {
    const text = this.#partial + this.#text.end();
    this.#partial = "";
    return text === "" ? [] : [{ offset: this.#lineOffset, text }];
  }
}
