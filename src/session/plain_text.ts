/**
 * Terminal output to plain text: escape sequences go, whether finished or not, and CR LF becomes LF.
 *
 * The text only ever grows and is the same for any split of the bytes, so that a search over it
 * never depends on how the output happened to arrive. Sequences follow ECMA-48 and the DEC parser
 * (vt100.net/emu/dec_ansi_parser).
 *
 * @module
 */

/** What the reader is in the middle of. */
type State = "ground" | "escape" | "csi" | "string" | "osc";

/** Anything that is not text as it stands: C0 but tab and line feed, DEL, C1. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const TEXT_RUN = /[^\x00-\x08\x0b-\x1f\x7f-\x9f]+/y;
/** A sequence that stands wholly in the text, the common case: CSI with its final byte. */
const WHOLE_CSI = /\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]/y;
/** What ends or interrupts an OSC, and any other control string. */
const OSC_END = /[\x07\x18\x1a\x1b\x9c]/g;
const STRING_END = /[\x18\x1a\x1b\x9c]/g;

/** C1 controls that open something, and what it is. */
const OPENED_BY_C1: Readonly<Record<string, State>> = {
  "\x90": "string", // DCS
  "\x98": "string", // SOS
  "\x9b": "csi",
  "\x9d": "osc",
  "\x9e": "string", // PM
  "\x9f": "string", // APC
};
/** The same, as the byte behind ESC. */
const OPENED_BY_ESCAPE: Readonly<Record<string, State>> = {
  P: "string",
  X: "string",
  "[": "csi",
  "]": "osc",
  "^": "string",
  "_": "string",
};

/** Where a {@linkcode PlainText} stands; given to another one, that one goes on from here. */
export interface PlainTextState {
  readonly state: State;
  /** A carriage return came and what follows it is not known yet. */
  readonly isAfterReturn: boolean;
  readonly isLineEmpty: boolean;
  /** First bytes of a character whose rest has not come, at most three. */
  readonly partial: Uint8Array;
}

const START: PlainTextState = {
  state: "ground",
  isAfterReturn: false,
  isLineEmpty: true,
  partial: new Uint8Array(),
};

/** A stream from bytes to plain text. */
export class PlainText {
  #state: State;
  #isAfterReturn: boolean;
  #isLineEmpty: boolean;
  #partial: Uint8Array;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(start: PlainTextState = START) {
    this.#state = start.state;
    this.#isAfterReturn = start.isAfterReturn;
    this.#isLineEmpty = start.isLineEmpty;
    this.#partial = start.partial;
  }

  /** Where the stream stands now. */
  get state(): PlainTextState {
    return {
      state: this.#state,
      isAfterReturn: this.#isAfterReturn,
      isLineEmpty: this.#isLineEmpty,
      partial: this.#partial,
    };
  }

  /**
   * Takes the next bytes.
   *
   * @returns The text that they add. Invalid UTF-8 is U+FFFD. A carriage return that no line feed
   *   follows starts a new line, unless the line is empty: what a progress bar wrote over stays.
   */
  push(bytes: Uint8Array): string {
    const text = this.#decode(bytes);
    const isPlain = this.#state === "ground" && !this.#isAfterReturn && !CONTROL.test(text);
    return isPlain ? this.#emit(text) : this.#strip(text);
  }

  /** Ends the stream: a character that was cut off becomes U+FFFD. */
  end(): string {
    const rest = this.#partial.length > 0 && this.#state === "ground" ? "\ufffd" : "";
    this.#partial = START.partial;
    return rest === "" ? "" : this.#strip(rest);
  }

  #decode(bytes: Uint8Array): string {
    let all = bytes;
    if (this.#partial.length > 0) {
      all = new Uint8Array(this.#partial.length + bytes.length);
      all.set(this.#partial);
      all.set(bytes, this.#partial.length);
    }
    const end = all.length - unfinishedLength(all);
    this.#partial = all.slice(end);
    return this.#decoder.decode(all.subarray(0, end));
  }

  #emit(text: string): string {
    if (text !== "") this.#isLineEmpty = text.endsWith("\n");
    return text;
  }

  #strip(text: string): string {
    let out = "";
    for (let at = 0; at < text.length;) {
      if (this.#state === "string" || this.#state === "osc") {
        at = this.#skipString(text, at);
        continue;
      }
      const char = text[at]!;
      if (this.#state !== "ground" && this.#continueSequence(char)) {
        at++;
        continue;
      }
      TEXT_RUN.lastIndex = at;
      const [run] = TEXT_RUN.exec(text) ?? [];
      if (run !== undefined && this.#state === "ground") {
        out += this.#resolveReturn(run[0] === "\n") + this.#emit(run);
        at += run.length;
        continue;
      }
      out += this.#control(char);
      at++;
      if (char === "\x1b") {
        WHOLE_CSI.lastIndex = at;
        const [sequence] = WHOLE_CSI.exec(text) ?? [];
        if (sequence !== undefined) {
          this.#state = "ground";
          at += sequence.length;
        }
      }
    }
    return out;
  }

  /** What a carriage return turns out to be, once it is known what follows it. */
  #resolveReturn(isBeforeLineFeed: boolean): string {
    if (!this.#isAfterReturn) return "";
    this.#isAfterReturn = false;
    return isBeforeLineFeed || this.#isLineEmpty ? "" : this.#emit("\n");
  }

  /** Takes a control character wherever it stands: C0 works inside sequences too. */
  #control(char: string): string {
    const opened = OPENED_BY_C1[char];
    if (char === "\x1b") this.#state = "escape";
    else if (opened !== undefined) this.#state = opened;
    else if (char >= "\x80" || char === "\x18" || char === "\x1a") this.#state = "ground";
    if (char === "\r") this.#isAfterReturn = true;
    const isLineFeed = char === "\n" || char === "\v" || char === "\f";
    return isLineFeed ? this.#resolveReturn(true) + this.#emit("\n") : "";
  }

  /** Takes one character inside an escape sequence; false when it is none of the sequence. */
  #continueSequence(char: string): boolean {
    if (char < " " || (char >= "\x7f" && char <= "\x9f")) return false;
    if (char > "\x9f") {
      this.#state = "ground"; // Not of any sequence: the sequence is broken, the text stands.
      return false;
    }
    if (this.#state === "escape") {
      if (char > "\x2f") this.#state = OPENED_BY_ESCAPE[char] ?? "ground";
    } else if (char >= "@") this.#state = "ground";
    return true;
  }

  #skipString(text: string, from: number): number {
    const pattern = this.#state === "osc" ? OSC_END : STRING_END;
    pattern.lastIndex = from;
    const end = pattern.exec(text);
    if (end === null) return text.length;
    // ESC ends the string whatever follows; the backslash of ST is then an escape of its own.
    this.#state = end[0] === "\x1b" ? "escape" : "ground";
    return end.index + 1;
  }
}

/**
 * Counts the bytes at the end that begin a UTF-8 character and could still become one. To cut before
 * a lead byte never changes what a decoder makes of the bytes on either side.
 */
export function unfinishedLength(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needed = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return needed > back ? back : 0;
  }
  return 0;
}

/** Converts bytes that are all there. */
export function toPlainText(bytes: Uint8Array): string {
  const stream = new PlainText();
  return stream.push(bytes) + stream.end();
}
