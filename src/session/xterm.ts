/**
 * The part of @xterm/headless that looop uses, with its types. The package declares them for
 * its bare name only, which Deno cannot import (its `module` field points to no file).
 *
 * @module
 */

/** A cell; an instance is filled anew by each `getCell(x, cell)`. */
export interface XtermCell {
  getWidth(): number;
  getChars(): string;
  getFgColor(): number;
  getBgColor(): number;
  isFgRGB(): boolean;
  isBgRGB(): boolean;
  isFgPalette(): boolean;
  isBgPalette(): boolean;
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  isAttributeDefault(): boolean;
}

/** The grid of characters that is shown now. */
export interface XtermBuffer {
  readonly type: "normal" | "alternate";
  readonly cursorX: number;
  readonly cursorY: number;
  readonly baseY: number;
  getLine(y: number): { getCell(x: number, cell?: XtermCell): XtermCell | undefined } | undefined;
  getNullCell(): XtermCell;
}

/** How a control sequence is told: its prefix (`?`, `>`), what stands before its last character, and that. */
export interface XtermFunctionId {
  readonly prefix?: string;
  readonly intermediates?: string;
  readonly final: string;
}

/** Handlers that return true have dealt with a sequence; false passes it on. */
export interface XtermParser {
  registerCsiHandler(
    id: XtermFunctionId,
    handler: (params: readonly (number | readonly number[])[]) => boolean,
  ): unknown;
  registerEscHandler(id: XtermFunctionId, handler: () => boolean): unknown;
  registerDcsHandler(id: XtermFunctionId, handler: (data: string) => boolean): unknown;
  registerOscHandler(number: number, handler: (data: string) => boolean): unknown;
}

/** A terminal without a display. */
export interface Xterm {
  readonly cols: number;
  readonly rows: number;
  readonly buffer: { readonly active: XtermBuffer };
  readonly parser: XtermParser;
  readonly unicode: {
    activeVersion: string;
    register(provider: {
      readonly version: string;
      wcwidth(code: number): 0 | 1 | 2;
      charProperties(code: number, preceding: number): number;
    }): void;
  };
  readonly modes: {
    readonly applicationCursorKeysMode: boolean;
    readonly applicationKeypadMode: boolean;
    readonly bracketedPasteMode: boolean;
    readonly mouseTrackingMode: "none" | "x10" | "vt200" | "drag" | "any";
    readonly sendFocusMode: boolean;
    readonly wraparoundMode: boolean;
  };
  onData(listener: (text: string) => void): unknown;
  onTitleChange(listener: (title: string) => void): unknown;
  write(text: string, onParsed?: () => void): void;
  resize(cols: number, rows: number): void;
  dispose(): void;
}

/** Loads the emulator, which no verb but those of the screen pays for, and makes a terminal. */
export async function createXterm(cols: number, rows: number): Promise<Xterm> {
  const { Terminal } = await import("@xterm/headless") as unknown as {
    readonly Terminal: new (options: Readonly<Record<string, unknown>>) => Xterm;
  };
  return new Terminal({
    cols,
    rows,
    scrollback: 0,
    allowProposedApi: true, // `parser` and `unicode` are behind it.
    logLevel: "off",
    windowOptions: { getWinSizeChars: true, pushTitle: true, popTitle: true },
  });
}
