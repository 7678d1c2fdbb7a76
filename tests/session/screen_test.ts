import { deepEqual, equal, ok } from "node:assert/strict";
import { renderAnsi, renderRedraw } from "../../src/session/render_ansi.ts";
import { renderSvg } from "../../src/session/render_svg.ts";
import { renderJson, renderText } from "../../src/session/render_text.ts";
import { Screen } from "../../src/session/screen.ts";
import { parseSnapshot, type ScreenSnapshot, trimmed } from "../../src/session/screen_snapshot.ts";
import { recordedOutputs, seededRandom, splitRandomly } from "../helpers/split_randomly.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Shows pieces of output on a new screen of 80x24. */
async function show(...pieces: readonly (string | Uint8Array)[]): Promise<ScreenSnapshot> {
  const screen = await Screen.create({ cols: 80, rows: 24 });
  // Each piece is parsed on its own; waiting for each would only make the test slow.
  await Promise.all(
    pieces.map((piece) => screen.write(typeof piece === "string" ? encode(piece) : piece)),
  );
  const snapshot = screen.snapshot(0);
  screen.dispose();
  return snapshot;
}

Deno.test("Screen shows the same for any split of the bytes of real programs", async () => {
  for (const { name, bytes } of recordedOutputs()) {
    // A program that has left the alternate screen shows little: cut before the end as well.
    for (const end of [bytes.length, Math.floor(bytes.length * 0.7)]) {
      const part = bytes.subarray(0, end);
      const whole = await show(part);
      for (let seed = 1; seed <= 4; seed++) {
        const pieces = splitRandomly(part, seed, 4 ** seed);
        deepEqual(await show(...pieces), whole, `${name}, first ${end} bytes, seed ${seed}`);
      }
    }
  }
});

Deno.test("Screen shows the same for any split of noise full of sequences and broken UTF-8", async () => {
  const parts = [
    "\x1b[",
    "\x1b]2;t",
    "\x07",
    "\x1b\\",
    "5;3H",
    "1;31m",
    "2J",
    "K",
    "é",
    "日",
    "😀",
    "e\u0301",
  ];
  parts.push(
    "👨‍👩‍👧",
    "\xff",
    "\r",
    "\n",
    "\b",
    "\t",
    "\x1b",
    "abc",
    "\x1b[?1049h",
    "\x1bP1$r",
    "\x0e",
    "\x1b(0",
    "q",
  );
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const noise = Array.from({ length: 120 }, () => parts[Math.floor(random() * parts.length)]!);
    const bytes = encode(noise.join("")).map((byte) => random() < 0.02 ? 0x80 | byte : byte);
    deepEqual(await show(...splitRandomly(bytes, seed, 6)), await show(bytes), `seed ${seed}`);
  }
});

Deno.test("Screen answers what xterm answers, each question once", async () => {
  const answers: string[] = [];
  const screen = await Screen.create({
    cols: 80,
    rows: 24,
    onAnswer: (text) => answers.push(text),
  });
  const ask = async (question: string) => {
    answers.length = 0;
    for (const byte of encode(question)) await screen.write(Uint8Array.of(byte));
    return answers.map((answer) => answer.replaceAll("\x1b", "E"));
  };
  deepEqual(await ask("\x1b[c"), ["E[?1;2c"]);
  equal((await ask("\x1b[>c")).length, 1);
  deepEqual(await ask("\x1b[5;7H\x1b[6n"), ["E[5;7R"]);
  deepEqual(await ask("\x1b[5n"), ["E[0n"]);
  deepEqual(await ask("\x1b]11;?\x07"), ["E]11;rgb:1515/1717/1c1cE\\"]);
  deepEqual(await ask("\x1b]10;#ff0000\x07\x1b]10;?\x1b\\"), ["E]10;rgb:ffff/0000/0000E\\"]);
  deepEqual(await ask("\x1b]4;196;?;16;?\x07"), [
    "E]4;196;rgb:ffff/0000/0000E\\",
    "E]4;16;rgb:0000/0000/0000E\\",
  ]);
  deepEqual(await ask("\x1b[18t"), ["E[8;24;80t"]);
  deepEqual(await ask("plain text"), []);
  screen.dispose();
});

Deno.test("Screen follows modes, title, cursor and size", async () => {
  const screen = await Screen.create({ cols: 80, rows: 24 });
  await screen.write(
    encode(
      "\x1b[?2004h\x1b[?1h\x1b[?1049h\x1b[?1002;1006h\x1b[?25l\x1b]0;a \x1b]2;b&c\x07\x1b[3;4H",
    ),
  );
  const { modes, title, cursor } = screen.snapshot(0);
  ok(modes.bracketed_paste && modes.app_cursor && modes.alt_screen);
  deepEqual(modes.mouse, [1002, 1006]);
  equal(title, "b&c");
  deepEqual(cursor, { x: 3, y: 2, visible: false });
  screen.resize(300, 50);
  await screen.write(encode("\x1b[50;300Hx"));
  equal(screen.snapshot(0).lines[49]?.map(([text]) => text).join("").length, 300);
  await screen.write(encode("\x1bc"));
  ok(screen.snapshot(0).cursor.visible && !screen.modes().bracketed_paste);
  screen.dispose();
});

Deno.test("a snapshot survives JSON and a redraw onto a dirty terminal", async () => {
  for (const { name, bytes } of recordedOutputs()) {
    const before = await show(bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    deepEqual(parseSnapshot(JSON.stringify(before)), before);
    const after = await show("\x1b[?1003h\x1b[5;9rdirt\r\n".repeat(30), renderRedraw(before));
    // Styles may be numbered in another order: compare what is seen.
    equal(renderAnsi(after), renderAnsi(before), name);
    deepEqual([after.cursor, after.title, after.modes], [
      before.cursor,
      before.title,
      before.modes,
    ]);
  }
});

Deno.test("the renderings put wide characters, emoji and boxes into their cells", async () => {
  const snapshot = await show(
    "\x1b[1;31m┌──┐\x1b[0m\r\n│日│😀 e\u0301 <&\r\n\x1b[38;5;196;48;2;1;2;3mx\x1b[0m\r\n$ ",
  );
  equal(renderText(trimmed(snapshot)), "┌──┐\n│日│😀 e\u0301 <&\nx\n$\n");
  equal(renderText(snapshot).split("\n").length, 25);
  const json = JSON.parse(renderJson("w", snapshot));
  deepEqual(json.cursor, { x: 2, y: 3, visible: true });
  deepEqual([json.id, json.cols, json.rows, json.lines.length], ["w", 80, 24, 24]);
  const svg = renderSvg(snapshot);
  const xOf = (text: string) =>
    Number(new RegExp(`x="([\\d.]+)"[^>]*>${text}<`).exec(svg)?.[1]) / 9;
  deepEqual(["┌──┐", "日", "😀", "e\u0301"].map(xOf), [0, 1, 4, 7]);
  ok(
    svg.includes("&#60;&#38;") && svg.includes('fill="#ff0000"') && svg.includes('fill="#010203"'),
  );
  ok(!/<(script|image|foreignObject)|href=|url\(/.test(svg), "the picture stands alone");
});

Deno.test("no control character reaches a rendering", async () => {
  const snapshot = await show("\x1b]2;t\u0085\ufffe<\x07a\x00\x7f\u0080\u009f\ufffe\uffffb\x1b]2;");
  for (const text of [renderText(snapshot), renderSvg(snapshot), renderJson("w", snapshot)]) {
    ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]/.test(text), JSON.stringify(text.slice(0, 300)));
  }
});

Deno.test("Screen shows the same whether or not a flood is cut short on its way", async () => {
  const parts = [
    "\x1b[1;31m",
    "\x1b[0m",
    "\x1b[44m",
    "\x1b[K",
    "\x1b[m",
    "plain words ",
    "\t",
    "日本 ",
    "e\u0301",
  ];
  const rare = [
    "\x1b[5;9r",
    "\x1b[r",
    "\x1b[?1049h",
    "\x1b[?1049l",
    "\x1b[3;4H",
    "\x1b]2;t\x07",
    "\x1b[2",
    "\x1b]2;",
  ];
  rare.push(
    "\x0e",
    "\x0f",
    "\x1bc",
    "\x1b[?7l",
    "\x1b[4h",
    "\x1b(0",
    "\x1b[2J",
    "\x1b[10A",
    "\x1bP1",
    "\x1b\\",
    "\x9b",
  );
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!;
    const rarity = seed % 4 === 0 ? 0 : 0.0003 * (seed % 4);
    const flood = Array.from({ length: 12_000 }, () => {
      const at = random();
      if (at < rarity) return pick(rare);
      return at < 0.2 ? (at < 0.02 ? "\n" : "\r\n") : at < 0.3 ? "x".repeat(70) : pick(parts);
    });
    const bytes = encode(flood.join(""));
    const inOrder = async (size: number) => {
      const screen = await Screen.create({ cols: 80, rows: 24 });
      const pieces = [];
      for (let i = 0; i < bytes.length; i += size) pieces.push(bytes.subarray(i, i + size));
      // Only a write that no other one waits for is cut short: small pieces never are.
      if (size < 4096) await Promise.all(pieces.map((piece) => screen.write(piece)));
      else for (const piece of pieces) await screen.write(piece);
      const snapshot = screen.snapshot(0);
      screen.dispose();
      return snapshot;
    };
    deepEqual(await inOrder(50_000), await inOrder(1000), `seed ${seed}`);
  }
});
