/**
 * Named keys (`Enter`, `C-c`, `M-Left`, `F5`) to the bytes that xterm sends for them.
 * Source of the sequences: "Xterm Control Sequences", PC-style function keys (ctlseqs).
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { findNearest } from "../base/nearest.ts";

/** What the program has asked of the keyboard. */
export interface KeyMode {
  /** DECCKM: arrows, Home and End travel as `ESC O x` instead of `ESC [ x`. */
  readonly isAppCursor: boolean;
}

/** Keys that send one plain code. */
const PLAIN: Readonly<Record<string, string>> = {
  Enter: "\r",
  Tab: "\t",
  Esc: "\x1b",
  Space: " ",
  Backspace: "\x7f",
};

/** Keys that end in a letter; the first six follow the cursor-key mode. */
const LETTER: Readonly<Record<string, string>> = {
  Up: "A",
  Down: "B",
  Right: "C",
  Left: "D",
  Home: "H",
  End: "F",
  F1: "P",
  F2: "Q",
  F3: "R",
  F4: "S",
};

/** Keys of the form `CSI number ~`. */
const NUMBERED: Readonly<Record<string, number>> = {
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
};

/** Other names that people type for the same keys, in lower case. */
const ALIASES: Readonly<Record<string, string>> = {
  return: "Enter",
  escape: "Esc",
  bs: "Backspace",
  bspace: "Backspace",
  pgup: "PageUp",
  pgdn: "PageDown",
  pgdown: "PageDown",
  ins: "Insert",
  del: "Delete",
};

/** Ctrl with a key that is not a letter, as xterm maps it; letters are computed. */
const CONTROL: Readonly<Record<string, string>> = {
  " ": "\0",
  "@": "\0",
  "2": "\0",
  "[": "\x1b",
  "3": "\x1b",
  "\\": "\x1c",
  "4": "\x1c",
  "]": "\x1d",
  "5": "\x1d",
  "^": "\x1e",
  "6": "\x1e",
  "_": "\x1f",
  "/": "\x1f",
  "7": "\x1f",
  "-": "\x1f",
  "?": "\x7f",
  "8": "\x7f",
};

/** The names of all keys but single characters, for messages and completions. */
export const KEY_NAMES: readonly string[] = [
  ...Object.keys(PLAIN),
  ...Object.keys(LETTER),
  ...Object.keys(NUMBERED),
];

const NAME_BY_LOWER = new Map(KEY_NAMES.map((name) => [name.toLowerCase(), name]));
const CURSOR_KEYS = new Set(["Up", "Down", "Right", "Left", "Home", "End"]);

/**
 * Encodes one key.
 *
 * @param key A name of {@linkcode KEY_NAMES} in any case or one character, with any of the prefixes
 *   `C-` (Ctrl), `M-` (Alt) and `S-` (Shift) in front.
 * @throws {UsageError} When there is no such key; the hint names a near one (exit code 2).
 */
export function encodeKey(key: string, mode: KeyMode): Uint8Array {
  const [, prefixes = "", base = ""] = /^((?:[CMS]-)*)([^]+)$/iu.exec(key) ?? [];
  const has = (letter: string) => prefixes.toUpperCase().includes(letter);
  const modifiers: Modifiers = { ctrl: has("C"), alt: has("M"), shift: has("S") };
  const text = [...base].length === 1
    ? encodeCharacter(key, base, modifiers)
    : encodeNamed(key, base, modifiers, mode);
  return new TextEncoder().encode(text);
}

interface Modifiers {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

function encodeNamed(key: string, base: string, modifiers: Modifiers, mode: KeyMode): string {
  const lower = base.toLowerCase();
  const name = NAME_BY_LOWER.get(ALIASES[lower]?.toLowerCase() ?? lower);
  if (name === undefined) throw unknownKey(key, base);
  const plain = PLAIN[name];
  if (plain !== undefined) return encodePlain(name, plain, modifiers);
  const number = 1 + Number(modifiers.shift) + 2 * Number(modifiers.alt) +
    4 * Number(modifiers.ctrl);
  const letter = LETTER[name];
  if (letter === undefined) {
    return `\x1b[${NUMBERED[name]}${number > 1 ? `;${number}` : ""}~`;
  }
  if (number > 1) return `\x1b[1;${number}${letter}`;
  const isBracket = CURSOR_KEYS.has(name) && !mode.isAppCursor;
  return `\x1b${isBracket ? "[" : "O"}${letter}`;
}

function encodePlain(name: string, plain: string, { ctrl, alt, shift }: Modifiers): string {
  const code = name === "Tab" && shift
    ? "\x1b[Z"
    : name === "Backspace" && ctrl
    ? "\b"
    : name === "Space" && ctrl
    ? "\0"
    : plain;
  return alt ? `\x1b${code}` : code;
}

function encodeCharacter(key: string, base: string, { ctrl, alt, shift }: Modifiers): string {
  let code = shift ? base.toUpperCase() : base;
  if (ctrl) {
    const isLetter = /^[a-z]$/i.test(base);
    const control = isLetter
      ? String.fromCharCode(base.toUpperCase().charCodeAt(0) - 64)
      : CONTROL[base];
    if (control === undefined) {
      throw new UsageError(
        `Cannot type key "${key}": a terminal has no code for Ctrl with "${base}"`,
        "Ctrl goes with a letter, Space or one of @ [ \\ ] ^ _ / ?",
      );
    }
    code = control;
  }
  return alt ? `\x1b${code}` : code;
}

function unknownKey(key: string, base: string): UsageError {
  const names = new Map(
    [...KEY_NAMES, ...Object.keys(ALIASES)].map((name) => [name.toLowerCase(), name]),
  );
  const nearest = names.get(findNearest(base.toLowerCase(), [...names.keys()]) ?? "");
  const meant = nearest === undefined
    ? ""
    : `did you mean "${key.slice(0, key.length - base.length)}${ALIASES[nearest] ?? nearest}"? `;
  return new UsageError(
    `No key "${key}"`,
    `${meant}Keys are ${
      KEY_NAMES.filter((known) => !/^F\d/.test(known)).join(" ")
    } F1..F12 or one character, with C- M- S- in front; text goes through \`looop send\``,
  );
}
