import { deepEqual, equal } from "node:assert/strict";
import { VERSION } from "../src/base/version.ts";

/** Which folders of `src/` each folder may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  libc: ["base"],
  base: ["libc"],
  pty: ["libc", "base"],
  session: ["pty", "libc", "base"],
  profile: ["libc", "base"],
  question: ["session", "libc", "profile", "base"],
  sense: ["profile", "base"],
  diff: ["profile", "base"],
  decide: ["profile", "base"],
  act: ["session", "question", "profile", "base"],
  log: ["profile", "base"],
  pulse: [
    "libc",
    "sense",
    "diff",
    "decide",
    "act",
    "log",
    "question",
    "session",
    "profile",
    "base",
  ],
  cli: [
    "pulse",
    "sense",
    "diff",
    "decide",
    "act",
    "log",
    "question",
    "session",
    "pty",
    "libc",
    "profile",
    "base",
  ],
  ship: ["profile", "libc", "base"],
};

const ROOT = new URL("../", import.meta.url);

function* sources(folder: URL): Generator<URL> {
  for (const entry of Deno.readDirSync(folder)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) yield* sources(url);
    else if (entry.name.endsWith(".ts")) yield url;
  }
}

Deno.test("imports point one way", () => {
  const wrong: string[] = [];
  const src = new URL("src/", ROOT);
  for (const file of sources(src)) {
    const [folder = ""] = file.href.slice(src.href.length).split("/");
    const text = Deno.readTextFileSync(file);
    for (const [, target = ""] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      const url = new URL(target, file).href;
      if (!url.startsWith(src.href)) continue;
      const [other = ""] = url.slice(src.href.length).split("/");
      if (other !== folder && !MAY_IMPORT[folder]?.includes(other)) {
        wrong.push(`${file.href.slice(ROOT.href.length)} imports ${other}`);
      }
    }
  }
  deepEqual(wrong, []);
});

Deno.test("the version stands the same in deno.json and in the code", () => {
  equal(JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT))).version, VERSION);
});

Deno.test("no source file outgrows 400 lines", () => {
  const large = [...sources(new URL("src/", ROOT))]
    .filter((file) => Deno.readTextFileSync(file).split("\n").length > 400);
  deepEqual(large.map(String), []);
});
