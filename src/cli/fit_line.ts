/**
 * Cuts a line to the width of a terminal, so that a table keeps one row to a line.
 *
 * @module
 */
import { characterWidth } from "../session/character_width.ts";

/**
 * Cuts a line that is too long; its last cell is then an ellipsis. Emoji that are joined from several
 * count for all of them: such a line is cut a little early.
 *
 * @param line Plain text, without escape sequences.
 * @param columns The terminal's width in cells; undefined leaves the line whole.
 */
export function fitLine(line: string, columns: number | undefined): string {
  if (columns === undefined || line.length * 2 <= columns) return line;
  let width = 0;
  let kept = "";
  for (const character of line) {
    const cells = characterWidth(character.codePointAt(0)!);
    width += cells;
    if (width > columns) return kept + "…";
    // The ellipsis needs a cell of its own.
    if (width < columns) kept += character;
  }
  return line;
}
