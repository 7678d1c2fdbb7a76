/**
 * A screen as a picture: one self-contained SVG, every cell where the terminal has it.
 *
 * @module
 */
import type { CellStyle, Run, ScreenSnapshot } from "./screen_snapshot.ts";
import { NAMED_COLOURS, paletteColour } from "./terminal_colours.ts";

// Lengths are in the SVG's own units (CSS pixels at scale 1).
const FONT_SIZE = 15;
/** 0.6 em, the advance of nearly every monospaced font. */
const CELL_WIDTH = 9;
/** As high as the fonts draw a vertical line, so that boxes close. */
const CELL_HEIGHT = 17.5;
const BASELINE = 13.2;
const PADDING = 14;
const TITLE_BAR = 34;

// No font of emoji or of East Asia: some renderers would take digits or dashes from it as well.
const FONTS = "'JetBrains Mono','Cascadia Mono','SF Mono',Menlo,'DejaVu Sans Mono'," +
  "'Liberation Mono',Consolas,monospace";
/**
 * Characters that every monospaced font has at its own width go together; any other one may come
 * from a font of another width and gets its place for itself.
 */
const SEGMENT = /[ -\u024f\u0370-\u04ff\u2010-\u2026]+|[\u2500-\u257f]+|[\u2580-\u259f]+|[^]/gu;

/** Renders the picture. Its text can be selected; no control character gets into it. */
export function renderSvg(snapshot: ScreenSnapshot): string {
  const { cols, lines, cursor } = snapshot;
  const painter = new Painter(snapshot);
  const width = cols * CELL_WIDTH + 2 * PADDING;
  const rows = Math.max(lines.length, 1);
  const height = rows * CELL_HEIGHT + TITLE_BAR + PADDING;
  const body = lines.map((line, row) => painter.row(line, row));
  const isCursorShown = cursor.visible && cursor.y < rows;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(snapshot.title || "terminal")}</title>`,
    `<style>text{font:${FONT_SIZE}px ${FONTS};white-space:pre;font-variant-ligatures:none;` +
    `unicode-bidi:bidi-override}</style>`,
    renderFrame(width, height, painter.colour("bg"), snapshot.title),
    `<g transform="translate(${PADDING} ${TITLE_BAR})" xml:space="preserve">`,
    ...body.map(({ backgrounds }) => backgrounds),
    isCursorShown ? painter.cursor(cursor.x, cursor.y) : "",
    ...body.map(({ texts }) => texts),
    "</g>",
    "</svg>",
    "",
  ].filter((part) => part !== "").join("\n") + "\n";
}

function renderFrame(width: number, height: number, bg: string, title: string): string {
  const lights = ["#f0717b", "#e5c76b", "#8ccf7e"].map((colour, at) =>
    `<circle cx="${PADDING + 7 + at * 19}" cy="${TITLE_BAR / 2}" r="5.5" fill="${colour}"/>`
  );
  const room = Math.floor(width / CELL_WIDTH) - 22;
  const shown = [...title].length > room ? [...title].slice(0, room).join("") + "…" : title;
  return [
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${bg}" ` +
    `stroke="#ffffff" stroke-opacity="0.14"/>`,
    ...lights,
    room > 0 && shown !== ""
      ? `<text x="${width / 2}" y="${TITLE_BAR / 2 + 4.5}" text-anchor="middle" ` +
        `style="font-size:13px" fill="#8b93a3">${escapeXml(shown)}</text>`
      : "",
  ].filter((part) => part !== "").join("\n");
}

/** What one row paints: first all backgrounds, then all texts, so that no cell cuts its neighbour. */
interface PaintedRow {
  readonly backgrounds: string;
  readonly texts: string;
}

class Painter {
  readonly #snapshot: ScreenSnapshot;

  constructor(snapshot: ScreenSnapshot) {
    this.#snapshot = snapshot;
  }

  /** Returns the colour of a palette number or name, as the program has set it. */
  colour(name: number | string): string {
    if (typeof name === "string" && name.startsWith("#")) return name;
    return this.#snapshot.colours[String(name)] ?? NAMED_COLOURS[name] ??
      paletteColour(Number(name));
  }

  row(line: readonly Run[], row: number): PaintedRow {
    const backgrounds: string[] = [];
    const texts: string[] = [];
    let x = 0;
    for (const [text, cells, number] of line) {
      const style = this.#snapshot.styles[number] ?? {};
      const { fg, bg } = this.#paints(style);
      if (bg !== undefined) backgrounds.push(rect(x, row, cells, bg));
      if (style.invisible !== true) texts.push(paintRun(text, x, row, cells, fg, style));
      x += cells;
    }
    return { backgrounds: backgrounds.join(""), texts: texts.join("") };
  }

  cursor(x: number, y: number): string {
    const [left, top] = [x * CELL_WIDTH, y * CELL_HEIGHT];
    return `<rect x="${left}" y="${top}" width="${CELL_WIDTH}" height="${CELL_HEIGHT}" ` +
      `fill="${this.colour("cursor")}" fill-opacity="0.55"/>`;
  }

  #paints(style: CellStyle): { readonly fg: string; readonly bg: string | undefined } {
    const fg = this.colour(style.fg ?? "fg");
    const bg = style.bg === undefined ? undefined : this.colour(style.bg);
    return style.inverse === true ? { fg: bg ?? this.colour("bg"), bg: fg } : { fg, bg };
  }
}

function rect(x: number, row: number, cells: number, fill: string): string {
  return `<rect x="${x * CELL_WIDTH}" y="${row * CELL_HEIGHT}" width="${cells * CELL_WIDTH}" ` +
    `height="${CELL_HEIGHT}" fill="${fill}" shape-rendering="crispEdges"/>`;
}

/** Paints a run of one cell a character, or one character of its own width. */
function paintRun(
  run: string,
  x: number,
  row: number,
  cells: number,
  fill: string,
  style: CellStyle,
): string {
  if (cells !== run.length) return paintText(run, { x, row, cells, fill, style });
  return Array.from(
    run.matchAll(SEGMENT),
    ({ 0: text, index }) => paintText(text, { x: x + index, row, cells: text.length, fill, style }),
  ).join("");
}

/** Paints text; `textLength` keeps its last cell in place in whatever font is there. */
function paintText(
  raw: string,
  { x, row, cells, fill, style }: {
    readonly x: number;
    readonly row: number;
    readonly cells: number;
    readonly fill: string;
    readonly style: CellStyle;
  },
): string {
  const lines = [
    style.underline && "underline",
    style.overline && "overline",
    style.strike && "line-through",
  ].filter((line) => line).join(" ");
  // Blanks need no ink, unless a line runs through them.
  const lead = lines === "" ? raw.length - raw.trimStart().length : 0;
  const tail = lines === "" ? raw.length - raw.trimEnd().length : 0;
  if (lead === raw.length) return "";
  const attributes = [
    ` x="${round((x + lead) * CELL_WIDTH)}" y="${round(row * CELL_HEIGHT + BASELINE)}"`,
    ` textLength="${(cells - lead - tail) * CELL_WIDTH}" lengthAdjust="spacingAndGlyphs"`,
    ` fill="${fill}"`,
    style.bold ? ` font-weight="700"` : "",
    style.italic ? ` font-style="italic"` : "",
    style.dim ? ` fill-opacity="0.6"` : "",
    lines === "" ? "" : ` text-decoration="${lines}"`,
  ];
  return `<text${attributes.join("")}>${escapeXml(raw.slice(lead, raw.length - tail))}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
