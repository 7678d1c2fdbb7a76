/**
 * Answers to the questions of a program that @xterm/headless leaves open because they belong to the
 * part with a display: colours (OSC 4, 10, 11, 12), the name (XTVERSION) and capabilities (XTGETTCAP).
 *
 * @module
 */
import type { XtermParser } from "./xterm.ts";
import { NAMED_COLOURS, paletteColour, parseColour, toReport } from "./terminal_colours.ts";

const NAMES = ["fg", "bg", "cursor"] as const;

/** The colours that a program has set; the rest are the defaults. */
export class ScreenColours {
  readonly changed = new Map<string, string>();

  /** Returns the colour now of a palette number or of `fg`, `bg`, `cursor`. */
  get(name: string): string {
    return this.changed.get(name) ?? NAMED_COLOURS[name] ?? paletteColour(Number(name));
  }

  /** Answers or sets one colour; anything else is not understood and left alone. */
  apply(name: string, request: string, answer: (colour: string) => void): void {
    if (request === "?") return answer(toReport(this.get(name)));
    const colour = parseColour(request);
    if (colour !== undefined) this.changed.set(name, colour);
  }
}

/**
 * Adds the answers to a terminal's parser.
 *
 * @param answer Gets each answer, to be typed into the program.
 */
export function answerQueries(
  parser: XtermParser,
  colours: ScreenColours,
  answer: (text: string) => void,
): void {
  parser.registerOscHandler(4, (data) => {
    const parts = data.split(";");
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const number = parts[at]!;
      if (!/^\d{1,3}$/.test(number) || Number(number) > 255) continue;
      const reply = (colour: string) => answer(`\x1b]4;${number};${colour}\x1b\\`);
      colours.apply(String(Number(number)), parts[at + 1]!, reply);
    }
    return true;
  });
  NAMES.forEach((_, first) =>
    // `OSC 10 ; a ; b` means 10 and then 11.
    parser.registerOscHandler(10 + first, (data) => {
      data.split(";").forEach((request, at) => {
        const name = NAMES[first + at];
        const reply = (colour: string) => answer(`\x1b]${10 + first + at};${colour}\x1b\\`);
        if (name !== undefined) colours.apply(name, request, reply);
      });
      return true;
    })
  );
  parser.registerOscHandler(104, (data) => {
    const isPalette = (name: string) => /^\d/.test(name);
    const numbers = data === "" ? [...colours.changed.keys()].filter(isPalette) : data.split(";");
    numbers.forEach((number) => colours.changed.delete(number));
    return true;
  });
  NAMES.forEach((name, at) =>
    parser.registerOscHandler(110 + at, () => colours.changed.delete(name) || true)
  );
  parser.registerCsiHandler({ prefix: ">", final: "q" }, (params) => {
    if (Number(params[0] ?? 0) === 0) answer("\x1bP>|looop\x1b\\");
    return true;
  });
  parser.registerDcsHandler({ intermediates: "+", final: "q" }, () => {
    answer("\x1bP0+r\x1b\\"); // No capability beyond those that terminfo names.
    return true;
  });
}
