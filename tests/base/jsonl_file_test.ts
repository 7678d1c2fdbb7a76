import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { appendJsonLine, parseJsonLines, shrinkJsonl } from "../../src/base/jsonl_file.ts";
import { readLines, readLinesBackward } from "../../src/base/line_reader.ts";

async function withFile(use: (path: string, dir: string) => void | Promise<void>): Promise<void> {
  const dir = Deno.makeTempDirSync({ prefix: "looop-jsonl-" });
  try {
    await use(join(dir, "file.jsonl"), dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

Deno.test("appendJsonLine() closes a torn last line, so that it spoils only itself", () =>
  withFile((path) => {
    Deno.writeTextFileSync(path, '{"a":1}\n{"b":');
    appendJsonLine(path, { c: "å\n" });
    const lines = [...parseJsonLines(readLines(path))];
    deepEqual(lines.map(({ isBroken, text }) => [isBroken, text]), [
      [false, '{"a":1}'],
      [true, '{"b":'],
      [false, '{"c":"å\\n"}'],
    ]);
  }));

Deno.test("a file over its limit keeps its newer half byte for byte and the digest of the older one", () =>
  withFile((path, dir) => {
    const digest = (lines: Iterable<string>) => [`{"older":${[...lines].length}}`];
    for (let n = 0; n < 100; n++) appendJsonLine(path, { n });
    shrinkJsonl(path, { limitBytes: 500, digest });
    const lines = [...readLines(path)];
    const older = JSON.parse(lines[0]!).older;
    deepEqual(lines.slice(1), Array.from({ length: 100 - older }, (_, n) => `{"n":${older + n}}`));
    ok(older > 60 && older < 80, `${older}`);
    deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["file.jsonl"]);
    equal(Deno.statSync(path).mode! & 0o777, 0o600);
  }));

Deno.test("an append stays cheap where the digest alone is over the limit", () =>
  withFile((path) => {
    let digests = 0;
    const digest = (lines: Iterable<string>) => (digests++, [...lines]);
    for (let n = 0; n < 400; n++) {
      appendJsonLine(path, { n, text: "x".repeat(20) }, { bounds: { limitBytes: 1000, digest } });
    }
    equal([...readLines(path)].length, 400);
    ok(digests > 0 && digests < 80, `${digests}`);
  }));

Deno.test("processes that append at once, and shrink the file meanwhile, neither tear nor lose a line", () =>
  withFile(async (path) => {
    const module = new URL("../../src/base/jsonl_file.ts", import.meta.url).href;
    const script = `
      import { appendJsonLine } from ${JSON.stringify(module)};
      const [path, name] = Deno.args;
      const digest = (lines) => {
        const seen = new Map();
        for (const line of lines) {
          const { name, count = 1 } = JSON.parse(line);
          seen.set(name, (seen.get(name) ?? 0) + count);
        }
        return [...seen].map(([name, count]) => JSON.stringify({ name, count }));
      };
      for (let n = 0; n < 500; n++) {
        appendJsonLine(path, { name, text: "y".repeat(n % 300) }, { bounds: { limitBytes: 8000, digest } });
      }`;
    const children = ["a", "b", "c"].map((name) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-check",
          "data:text/javascript," + encodeURIComponent(script),
          path,
          name,
        ],
        stderr: "piped",
      }).output()
    );
    for (const { success, stderr } of await Promise.all(children)) {
      ok(success, new TextDecoder().decode(stderr));
    }
    const counts: Record<string, number> = {};
    for (const line of parseJsonLines(readLines(path))) {
      ok(!line.isBroken && line.text !== "", line.text);
      const { name, count = 1 } = line.value as { name: string; count?: number };
      counts[name] = (counts[name] ?? 0) + count;
    }
    deepEqual(counts, { a: 500, b: 500, c: 500 });
    ok(Deno.statSync(path).size < 16_000, String(Deno.statSync(path).size));
  }));

Deno.test("readLinesBackward() yields exactly the reverse of readLines() for any text", () =>
  withFile((path) => {
    const pieces = ["", "a", "\n", "\n\n", "\r\n", "é€", "x".repeat(65_530), "y".repeat(70_000)];
    for (let round = 0; round < 150; round++) {
      const text = Array.from(
        { length: round % 9 },
        () => pieces[Math.floor(Math.random() * pieces.length)],
      ).join("");
      Deno.writeTextFileSync(path, text);
      const forward = [...readLines(path)];
      deepEqual([...readLinesBackward(path)].reverse(), forward);
      const plain = text.split("\n").map((line) => line.replace(/\r$/, ""));
      deepEqual(forward, text === "" ? [] : text.endsWith("\n") ? plain.slice(0, -1) : plain);
    }
    deepEqual([...readLinesBackward(path + ".missing")], []);
  }));
