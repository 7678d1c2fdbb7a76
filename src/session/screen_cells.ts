/**
 * Reads the emulator's cells into runs of one style, as a snapshot holds them.
 *
 * @module
 */
import type { CellStyle, Run, ScreenSnapshot } from "./screen_snapshot.ts";
import { toHex } from "./terminal_colours.ts";
import type { XtermBuffer, XtermCell } from "./xterm.ts";

/** What no reader of a snapshot may get raw: controls, and what XML cannot hold. */
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\ufffe\uffff]/g;

/** Reads all rows of the screen. */
export function readLines(
  buffer: XtermBuffer,
  cols: number,
  rows: number,
): Pick<ScreenSnapshot, "lines" | "styles"> {
  const styles = new StyleTable();
  const cell = buffer.getNullCell();
  const lines = Array.from({ length: rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    const runs = new RunList();
    for (let x = 0; line !== undefined && x < cols; x++) {
      if (line.getCell(x, cell) === undefined) break;
      // Width 0 is the second half of a wide character.
      if (cell.getWidth() > 0) runs.add(cell.getChars() || " ", cell.getWidth(), styles.of(cell));
    }
    return runs.finish();
  });
  return { styles: styles.all, lines };
}

/** Gathers the cells of one row. */
class RunList {
  readonly #runs: [string, number, number][] = [];
  #isOpen = false;

  add(raw: string, width: number, style: number): void {
    const text = raw.replace(UNPRINTABLE, "\ufffd").toWellFormed();
    const isSimple = width === 1 && text.length === 1;
    const last = this.#runs.at(-1);
    if (last !== undefined && isSimple && this.#isOpen && last[2] === style) {
      last[0] += text;
      last[1] += 1;
    } else {
      this.#runs.push([text, width, style]);
    }
    this.#isOpen = isSimple;
  }

  finish(): Run[] {
    const last = this.#runs.at(-1);
    if (last !== undefined && last[2] === 0) {
      const text = last[0].trimEnd();
      last[1] -= last[0].length - text.length;
      last[0] = text;
      if (text === "") this.#runs.pop();
    }
    return this.#runs;
  }
}

/** Gives each look a number; 0 is the default. */
class StyleTable {
  readonly all: CellStyle[] = [{}];
  readonly #numbers = new Map<string, number>([["{}", 0]]);

  of(cell: XtermCell): number {
    if (cell.isAttributeDefault()) return 0;
    const style = styleOf(cell);
    const key = JSON.stringify(style);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.all.push(style) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

function styleOf(cell: XtermCell): CellStyle {
  const fg = colourOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor());
  const bg = colourOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor());
  return {
    ...(fg === undefined ? {} : { fg }),
    ...(bg === undefined ? {} : { bg }),
    ...(cell.isBold() ? { bold: true } : {}),
    ...(cell.isDim() ? { dim: true } : {}),
    ...(cell.isItalic() ? { italic: true } : {}),
    ...(cell.isUnderline() ? { underline: true } : {}),
    ...(cell.isBlink() ? { blink: true } : {}),
    ...(cell.isInverse() ? { inverse: true } : {}),
    ...(cell.isInvisible() ? { invisible: true } : {}),
    ...(cell.isStrikethrough() ? { strike: true } : {}),
    ...(cell.isOverline() ? { overline: true } : {}),
  };
}

function colourOf(isRgb: boolean, isPalette: boolean, value: number): number | string | undefined {
  if (isRgb) return toHex([value >> 16 & 255, value >> 8 & 255, value & 255]);
  return isPalette ? value : undefined;
}
