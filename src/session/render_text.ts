/**
 * A screen as plain text and as JSON.
 *
 * @module
 */
import { linesOf, type ScreenSnapshot } from "./screen_snapshot.ts";

/** Renders the text of each row, without blanks at the end. */
export function renderText(snapshot: ScreenSnapshot): string {
  return linesOf(snapshot).map((line) => line + "\n").join("");
}

/** Renders the JSON object that `shot --json` prints. */
export function renderJson(id: string, snapshot: ScreenSnapshot): string {
  const { cols, rows, cursor, title, modes, offset } = snapshot;
  const { x, y, visible } = cursor;
  const lines = linesOf(snapshot);
  const shot = { id, cols, rows, cursor: { x, y, visible }, title, lines, modes, offset };
  return JSON.stringify(shot) + "\n";
}
