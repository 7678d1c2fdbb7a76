/**
 * Lines of a stream as they come, with a bound on what one line may hold.
 *
 * @module
 */

/** A longer line is left out; of the recorded streams the longest line has 3 KB. */
export const MAX_STREAM_LINE_BYTES = 16 * 1024 * 1024;
const HEAD_BYTES = 200;
const NEWLINE = 10;

/** One line of a stream. */
export interface StreamLine {
  /** The line, or only its first 200 bytes where it was too long. */
  readonly text: string;
  readonly isTooLong: boolean;
  readonly bytes: number;
}

/** Yields each line of a stream, also a last one without an end, in memory that the bound limits. */
export async function* readStreamLines(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number = MAX_STREAM_LINE_BYTES,
): AsyncGenerator<StreamLine> {
  let pieces: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;
  const add = (piece: Uint8Array) => {
    bytes += piece.length;
    if (kept >= Math.max(maxBytes, HEAD_BYTES)) return;
    pieces.push(piece.slice());
    kept += piece.length;
  };
  const take = (): StreamLine => {
    const isTooLong = bytes > maxBytes;
    const all = new Uint8Array(kept);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    const line = {
      text: new TextDecoder().decode(isTooLong ? all.subarray(0, HEAD_BYTES) : all),
      isTooLong,
      bytes,
    };
    pieces = [];
    kept = bytes = 0;
    return line;
  };
  for await (const chunk of stream) {
    let start = 0;
    for (;;) {
      const stop = chunk.indexOf(NEWLINE, start);
      if (stop < 0) break;
      add(chunk.subarray(start, stop));
      yield take();
      start = stop + 1;
    }
    add(chunk.subarray(start));
  }
  if (bytes > 0) yield take();
}
