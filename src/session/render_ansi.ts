/**
 * A screen as text with colours, and as the bytes that redraw it on another terminal.
 *
 * @module
 */
import type { CellStyle, Run, ScreenModes, ScreenSnapshot } from "./screen_snapshot.ts";

/** Renders each row with its colours and styles; every row ends in the default style. */
export function renderAnsi(snapshot: ScreenSnapshot): string {
  return snapshot.lines.map((line) => renderRow(line, snapshot.styles) + "\n").join("");
}

/**
 * Renders what makes another terminal show this screen, whatever it showed before: modes, rows,
 * title, colours and cursor.
 *
 * @param terminalRows How many rows that terminal has; the rows around the cursor are drawn where it has fewer.
 */
export function renderRedraw(snapshot: ScreenSnapshot, terminalRows = snapshot.rows): string {
  const { cursor, modes, lines, styles } = snapshot;
  const skipped = Math.max(0, Math.min(cursor.y + 1, lines.length) - terminalRows);
  const rows = lines.slice(skipped, skipped + terminalRows)
    .map((line, row) => `\x1b[${row + 1};1H${renderRow(line, styles)}`);
  return [
    "\x1b[?2026h", // One frame, where the terminal knows how.
    RESET_TERMINAL,
    modes.alt_screen ? "\x1b[?1049h" : "",
    "\x1b[?7l\x1b[2J", // No wrap at the last column while drawing.
    ...rows,
    "\x1b[0m",
    renderModes(modes),
    ...Object.entries(snapshot.colours).map(renderColour),
    `\x1b]2;${snapshot.title}\x07`,
    `\x1b[${cursor.y - skipped + 1};${cursor.x + 1}H`,
    cursor.visible ? "\x1b[?25h" : "\x1b[?25l",
    "\x1b[?2026l",
  ].join("");
}

/**
 * Puts a terminal's modes back to what a shell expects, without clearing it: left alternate screen,
 * shown cursor, no mouse, no paste marks, plain keys, whole scroll region, default charset and colours.
 */
export const RESET_TERMINAL = [
  "\x1b[?1049l",
  "\x1b[?1l\x1b>\x1b[?7h\x1b[?6l\x1b[4l",
  "\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l",
  "\x1b[?2004l\x1b[>4m\x1b[<u\x1b[r\x1b(B\x0f\x1b[0m\x1b[0 q",
  "\x1b]104\x07\x1b]110\x07\x1b]111\x07\x1b]112\x07\x1b[?25h",
].join("");

function renderModes(modes: ScreenModes): string {
  const dec = (mode: number, isOn: boolean) => isOn ? `\x1b[?${mode}h` : `\x1b[?${mode}l`;
  return [
    dec(7, modes.wraparound),
    dec(1, modes.app_cursor),
    modes.app_keypad ? "\x1b=" : "\x1b>",
    dec(2004, modes.bracketed_paste),
    dec(1004, modes.focus),
    ...modes.mouse.map((mode) => dec(mode, true)),
  ].join("");
}

function renderColour([name, colour]: readonly [string, string]): string {
  const named: Readonly<Record<string, number>> = { fg: 10, bg: 11, cursor: 12 };
  return `\x1b]${named[name] ?? `4;${name}`};${colour}\x07`;
}

function renderRow(line: readonly Run[], styles: readonly CellStyle[]): string {
  const row = line.map(([text, , style]) => `\x1b[0${renderStyle(styles[style] ?? {})}m${text}`);
  return row.join("").replace(/^\x1b\[0m/, "") +
    (line.some(([, , style]) => style > 0) ? "\x1b[0m" : "");
}

function renderStyle(style: CellStyle): string {
  return [
    style.bold && 1,
    style.dim && 2,
    style.italic && 3,
    style.underline && 4,
    style.blink && 5,
    style.inverse && 7,
    style.invisible && 8,
    style.strike && 9,
    style.overline && 53,
    style.fg !== undefined && renderColourOf(38, style.fg),
    style.bg !== undefined && renderColourOf(48, style.bg),
  ].filter((part) => part !== undefined && part !== false).map((part) => `;${part}`).join("");
}

function renderColourOf(base: 38 | 48, colour: number | string): string {
  if (typeof colour === "number") {
    if (colour < 8) return String(base - 8 + colour);
    return colour < 16 ? String(base + 44 + colour) : `${base};5;${colour}`;
  }
  const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `${base};2;${rgb.join(";")}`;
}
