import { equal, ok } from "node:assert/strict";
import { PlainText, toPlainText } from "../../src/session/plain_text.ts";
import { recordedOutputs, seededRandom, splitRandomly } from "../helpers/split_randomly.ts";

const encoder = new TextEncoder();

function plain(text: string): string {
  return toPlainText(encoder.encode(text));
}

function inPieces(pieces: readonly Uint8Array[]): string {
  const stream = new PlainText();
  return pieces.map((piece) => stream.push(piece)).join("") + stream.end();
}

Deno.test("PlainText strips escape sequences of every kind", () => {
  const sequences = [
    "\x1b[31m",
    "\x1b[38:2::1:2:3m",
    "\x1b[?2004h",
    "\x1b[ q",
    "\x1b(B",
    "\x1b7",
    "\x1bM",
    "\x1b]0;title\x07",
    "\x1b]8;;http://x\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1bPq#0~\x07~\x1b\\",
    "\x1b_apc\x1b\\",
    "\x1b^pm\x1b\\",
    "\x1bXsos\x1b\\",
    "\u009b1m",
    "\u009d0;t\u009c",
    "\x1b[12\x18",
    "\x07",
    "\x7f",
    "\0",
  ];
  for (const sequence of sequences) equal(plain(`a${sequence}b`), "ab", JSON.stringify(sequence));
});

Deno.test("PlainText leaves nothing of an unfinished sequence", () => {
  for (
    const start of ["\x1b", "\x1b[", "\x1b[1;3", "\x1b]0;ti", "\x1bP1", "\x1b(", "\x1b]0;t\x1b"]
  ) {
    equal(plain(`a${start}`), "a", JSON.stringify(start));
  }
});

Deno.test("PlainText keeps line feeds and tabs inside and around sequences", () => {
  equal(plain("a\x1b[3\n1mb\tc"), "a\nb\tc");
  equal(plain("a\x1b[1é2"), "aé2");
});

Deno.test("PlainText makes lines of carriage returns without losing or inventing any", () => {
  equal(plain("a\r\nb\r\r\nc\n"), "a\nb\nc\n");
  equal(plain("10%\r20%\r\x1b[K\ndone"), "10%\n20%\ndone");
  equal(plain("$ x\r\n\x1b[?2004l\rout"), "$ x\nout");
  equal(plain("a\b\bb"), "ab");
});

Deno.test("PlainText shows invalid UTF-8 as U+FFFD and keeps a byte order mark", () => {
  equal(
    toPlainText(Uint8Array.of(0x61, 0xff, 0xe2, 0x82, 0x62, 0xe2, 0x82)),
    "a\ufffd\ufffdb\ufffd",
  );
  equal(plain("\ufeffa"), "\ufeffa");
});

Deno.test("PlainText gives the same text for any split of recorded output", () => {
  for (const { name, bytes } of recordedOutputs()) {
    const whole = toPlainText(bytes);
    ok(!/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(whole), name);
    equal(inPieces(splitRandomly(bytes, 0, 1)), whole, `${name}, byte by byte`);
    for (let seed = 1; seed <= 20; seed++) {
      equal(inPieces(splitRandomly(bytes, seed, seed * 7)), whole, `${name}, seed ${seed}`);
    }
  }
});

Deno.test("PlainText gives the same text for any split of noise, and can go on from a state", () => {
  const alphabet = [
    27,
    27,
    91,
    93,
    59,
    49,
    109,
    7,
    92,
    13,
    10,
    8,
    24,
    80,
    97,
    98,
    32,
    0xc2,
    0x9b,
    0xe2,
  ]
    .concat([0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xed, 0xa0, 0x9d, 0x9c, 0xc0]);
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const bytes = Uint8Array.from(
      { length: 300 },
      () => alphabet[Math.floor(random() * alphabet.length)]!,
    );
    const whole = toPlainText(bytes);
    equal(inPieces(splitRandomly(bytes, seed, 5)), whole, `seed ${seed}`);
    const first = new PlainText();
    const head = first.push(bytes.subarray(0, 150));
    const second = new PlainText(first.state);
    equal(head + second.push(bytes.subarray(150)) + second.end(), whole, `seed ${seed}, resumed`);
  }
});
