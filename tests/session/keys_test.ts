import { deepEqual, equal, throws } from "node:assert/strict";
import { UsageError } from "../../src/base/errors.ts";
import { encodeKey, KEY_NAMES } from "../../src/session/keys.ts";

const NORMAL = { isAppCursor: false };
const APPLICATION = { isAppCursor: true };

function typed(key: string, mode = NORMAL): string {
  return new TextDecoder().decode(encodeKey(key, mode));
}

Deno.test("encodeKey() types the keys of the keyboard as xterm does", () => {
  const expected: Record<string, string> = {
    Enter: "\r",
    Tab: "\t",
    "S-Tab": "\x1b[Z",
    Esc: "\x1b",
    escape: "\x1b",
    Space: " ",
    Backspace: "\x7f",
    "M-Backspace": "\x1b\x7f",
    Up: "\x1b[A",
    left: "\x1b[D",
    Home: "\x1b[H",
    PageDown: "\x1b[6~",
    Insert: "\x1b[2~",
    Delete: "\x1b[3~",
    F1: "\x1bOP",
    F4: "\x1bOS",
    F5: "\x1b[15~",
    F12: "\x1b[24~",
    "C-c": "\x03",
    "c-C": "\x03",
    "C-[": "\x1b",
    "C-Space": "\0",
    "C-\\": "\x1c",
    "M-x": "\x1bx",
    "C-M-x": "\x1b\x18",
    "S-a": "A",
    "-": "-",
    "C--": "\x1f",
    é: "é",
    "M-😀": "\x1b😀",
  };
  const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, typed(key)]));
  deepEqual(actual, expected);
});

Deno.test("encodeKey() follows the cursor-key mode for arrows, Home and End alone", () => {
  equal(typed("Up", APPLICATION), "\x1bOA");
  equal(typed("End", APPLICATION), "\x1bOF");
  equal(typed("PageUp", APPLICATION), "\x1b[5~");
  equal(typed("C-Up", APPLICATION), "\x1b[1;5A");
});

Deno.test("encodeKey() puts modifiers into the sequence of a function key", () => {
  equal(typed("S-Left"), "\x1b[1;2D");
  equal(typed("M-Right"), "\x1b[1;3C");
  equal(typed("C-S-End"), "\x1b[1;6F");
  equal(typed("C-M-S-F1"), "\x1b[1;8P");
  equal(typed("C-Delete"), "\x1b[3;5~");
});

Deno.test("encodeKey() refuses an unknown key and names the nearest real one", () => {
  for (const [wrong, near] of [["Entr", "Enter"], ["C-PagUp", "C-PageUp"], ["F13", "F1"]]) {
    throws(
      () => typed(wrong!),
      (error: unknown) => error instanceof UsageError && error.hint.includes(`"${near}`),
    );
  }
  throws(
    () => typed("frobnicate"),
    (error: unknown) => error instanceof UsageError && error.hint.startsWith("Keys are Enter"),
  );
  throws(() => typed("C-é"), UsageError);
  throws(() => typed(""), UsageError);
});

Deno.test("encodeKey() knows each of its names with each modifier", () => {
  for (const name of KEY_NAMES) {
    for (const prefix of ["", "C-", "M-", "S-", "C-M-S-"]) typed(prefix + name);
  }
});
