/**
 * A terminal's screen in memory: output bytes go in, what a person would see comes out.
 * Knows nothing of files; `screen_keeper.ts` feeds it from the log.
 *
 * @module
 */
import { WIDTH_PROVIDER } from "./character_width.ts";
import { answerQueries, ScreenColours } from "./screen_queries.ts";
import type { ScreenModes, ScreenSnapshot } from "./screen_snapshot.ts";
import { readLines } from "./screen_cells.ts";
import { dropScrolled, isBetweenSequences } from "./scrolled_text.ts";
import { createXterm, type Xterm } from "./xterm.ts";

/** What a {@linkcode Screen} starts with. */
export interface ScreenOptions {
  readonly cols: number;
  readonly rows: number;
  /** Gets what the terminal answers to queries in the output; nothing is answered where left out. */
  readonly onAnswer?: (text: string) => void;
}

const MOUSE_MODES = new Set([9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016]);
const CURSOR_VISIBLE = 25; // DECTCEM

/** A screen. */
export class Screen {
  readonly #terminal: Xterm;
  readonly #colours = new ScreenColours();
  readonly #mouse = new Set<number>();
  // A decoder of our own: it gives the same characters, U+FFFD too, for any split of the bytes.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #isCursorVisible = true;
  #title = "";
  /** Kinds of screen (normal, alternate) of which a part may scroll alone. */
  readonly #withRegion = new Set<string>();
  #isBetweenSequences = true;
  #writesPending = 0;

  private constructor(terminal: Xterm, onAnswer: (text: string) => void) {
    this.#terminal = terminal;
    terminal.unicode.register(WIDTH_PROVIDER);
    terminal.unicode.activeVersion = WIDTH_PROVIDER.version;
    terminal.onData(onAnswer);
    terminal.onTitleChange((title) => this.#title = title);
    answerQueries(terminal.parser, this.#colours, onAnswer);
    this.#followModes();
  }

  /** Makes an empty screen; loads the emulator at the first one. */
  static async create({ cols, rows, onAnswer }: ScreenOptions): Promise<Screen> {
    return new Screen(await createXterm(cols, rows), onAnswer ?? (() => {}));
  }

  /** Shows more output. Resolves when it is on the screen. Large pieces go many times faster. */
  async write(bytes: Uint8Array): Promise<void> {
    const text = this.#decoder.decode(bytes, { stream: true });
    // The state below is that of the output shown so far.
    const isKnown = this.#writesPending === 0 && this.#isBetweenSequences;
    const canSkip = isKnown && !this.#withRegion.has(this.#terminal.buffer.active.type);
    const shown = canSkip ? dropScrolled(text, this.#terminal.rows) : text;
    this.#isBetweenSequences = isBetweenSequences(text, this.#isBetweenSequences);
    this.#writesPending++;
    await new Promise<void>((resolve) => this.#terminal.write(shown, resolve));
    this.#writesPending--;
  }

  /** Changes the size; to be called between writes. */
  resize(cols: number, rows: number): void {
    if (cols === this.#terminal.cols && rows === this.#terminal.rows) return;
    this.#terminal.resize(cols, rows);
  }

  /** What the program has asked of its terminal. */
  modes(): ScreenModes {
    const { modes, buffer } = this.#terminal;
    return {
      bracketed_paste: modes.bracketedPasteMode,
      app_cursor: modes.applicationCursorKeysMode,
      app_keypad: modes.applicationKeypadMode,
      alt_screen: buffer.active.type === "alternate",
      wraparound: modes.wraparoundMode,
      focus: modes.sendFocusMode,
      mouse: [...this.#mouse].sort((a, b) => a - b),
    };
  }

  /** Returns the screen as plain data, `offset` being the caller's mark of how far it got. */
  snapshot(offset: number): ScreenSnapshot {
    const { cols, rows, buffer: { active } } = this.#terminal;
    return {
      offset,
      cols,
      rows,
      cursor: {
        // Behind the last column the next character wraps; the cursor is shown on the last one.
        x: Math.min(active.cursorX, cols - 1),
        y: active.cursorY,
        visible: this.#isCursorVisible,
      },
      title: this.#title.replace(/[\x00-\x1f\x7f-\x9f\ufffe\uffff]/g, "\ufffd").toWellFormed(),
      modes: this.modes(),
      colours: Object.fromEntries(this.#colours.changed),
      ...readLines(active, cols, rows),
    };
  }

  /** Frees the emulator. */
  dispose(): void {
    this.#terminal.dispose();
  }

  /** Notes what the emulator does itself but does not tell: the cursor and the kinds of mouse. */
  #followModes(): void {
    const { parser } = this.#terminal;
    const set = (isOn: boolean) => (params: readonly (number | readonly number[])[]) => {
      for (const mode of params) {
        if (mode === CURSOR_VISIBLE) this.#isCursorVisible = isOn;
        if (typeof mode !== "number" || !MOUSE_MODES.has(mode)) continue;
        if (isOn) this.#mouse.add(mode);
        else this.#mouse.delete(mode);
      }
      return false;
    };
    parser.registerCsiHandler({ prefix: "?", final: "h" }, set(true));
    parser.registerCsiHandler({ prefix: "?", final: "l" }, set(false));
    parser.registerCsiHandler({ final: "r" }, ([top = 0, bottom = 0]) => { // DECSTBM
      const { buffer, rows } = this.#terminal;
      const isWhole = Number(top) <= 1 && (Number(bottom) === 0 || Number(bottom) >= rows);
      if (isWhole) this.#withRegion.delete(buffer.active.type);
      else this.#withRegion.add(buffer.active.type);
      return false;
    });
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, () => { // DECSTR
      this.#isCursorVisible = true;
      return false;
    });
    parser.registerEscHandler({ final: "c" }, () => { // RIS
      this.#isCursorVisible = true;
      this.#mouse.clear();
      this.#withRegion.clear();
      this.#colours.changed.clear();
      this.#title = "";
      return false;
    });
  }
}
