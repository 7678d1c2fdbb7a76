/**
 * The text of a log as it comes in, with a way back from a place in the text to its byte.
 *
 * @module
 */
import { CONTEXT_LENGTH } from "./match_worker.ts";
import { PlainText, unfinishedLength } from "./plain_text.ts";

/** Turns bytes into text piece by piece; a copy can be made at any time. */
interface TextStream {
  push(bytes: Uint8Array): string;
  fork(): TextStream;
}

/** A piece of the log, kept until no match can end in it any more. */
interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly textStart: number;
  readonly textEnd: number;
  readonly before: TextStream;
}

/** Text made of a log's bytes. */
export class LogText {
  readonly #pieces: Piece[] = [];
  #stream: TextStream;
  #length = 0;

  /** @param isRaw Keep escape sequences and carriage returns. */
  constructor(isRaw: boolean) {
    this.#stream = isRaw ? new RawStream() : new PlainStream(new PlainText());
  }

  /** Takes the next bytes and returns their text. */
  push(offset: number, bytes: Uint8Array): string {
    const before = this.#stream.fork();
    const text = this.#stream.push(bytes);
    const textStart = this.#length;
    this.#length += text.length;
    // A copy: the bytes may lie in a far larger buffer.
    this.#pieces.push({ offset, bytes: bytes.slice(), textStart, textEnd: this.#length, before });
    const reach = this.#length - text.length - 4 * CONTEXT_LENGTH;
    while (this.#pieces[0] !== undefined && this.#pieces[0].textEnd < reach) this.#pieces.shift();
    return text;
  }

  /** Finds the offset behind the byte that completes the text up to `end`. */
  offsetOf(end: number): number {
    const piece = this.#pieces.find(({ textEnd }) => textEnd >= end);
    if (piece === undefined) return this.#pieces.at(-1)?.offset ?? 0;
    let { before, textStart: length } = piece;
    let [from, until] = [0, piece.bytes.length];
    // Halving: the text of each half is made once, from where the stream stood before it.
    while (until - from > 1 && length < end) {
      const middle = (from + until) >> 1;
      const half = before.fork();
      const added = half.push(piece.bytes.subarray(from, middle)).length;
      if (length + added >= end) until = middle;
      else [from, length, before] = [middle, length + added, half];
    }
    return piece.offset + (length < end ? until : from);
  }
}

class PlainStream implements TextStream {
  readonly #text: PlainText;

  constructor(text: PlainText) {
    this.#text = text;
  }

  push(bytes: Uint8Array): string {
    return this.#text.push(bytes);
  }

  fork(): TextStream {
    return new PlainStream(new PlainText(this.#text.state));
  }
}

/** UTF-8 as it stands. */
class RawStream implements TextStream {
  #partial: Uint8Array;

  constructor(partial: Uint8Array = new Uint8Array()) {
    this.#partial = partial;
  }

  push(bytes: Uint8Array): string {
    const all = new Uint8Array(this.#partial.length + bytes.length);
    all.set(this.#partial);
    all.set(bytes, this.#partial.length);
    const end = all.length - unfinishedLength(all);
    this.#partial = all.slice(end);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(all.subarray(0, end));
  }

  fork(): TextStream {
    return new RawStream(this.#partial);
  }
}
