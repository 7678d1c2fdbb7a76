import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { appendJournal, countEntry, readJournal } from "../../src/log/journal.ts";
import type { JournalPaths } from "../../src/log/journal_line.ts";
import { runAndKill } from "../helpers/killed_child.ts";

function withJournal(use: (paths: JournalPaths, dir: string) => void): void {
  const dir = Deno.makeTempDirSync({ prefix: "looop-journal-" });
  try {
    use({ journal: join(dir, "journal.md"), journalDir: join(dir, "journal") }, dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

const read = (path: string) => Deno.readTextFileSync(path);
const october = new Date(2026, 9, 31, 23, 59);
const november = new Date(2026, 10, 1, 0, 0);

Deno.test("appendJournal() writes one local line and folds line ends, controls and escape sequences", () => {
  withJournal((paths) => {
    const line = appendJournal(
      paths,
      "one\r\ntwo\x1b[31m red\x1b]0;t\x07\u2028x\u202e\x00 ",
      october,
    );
    equal(line, "- 2026-10-31 23:59 one two red x");
    equal(read(paths.journal), line + "\n");
    equal(Deno.statSync(paths.journal).mode! & 0o777, 0o600);
    equal(appendJournal(paths, " \n ", october), "- 2026-10-31 23:59 (no words)");
  });
});

Deno.test("appendJournal() moves the old month away at the first line of a new one, and reading goes across", () => {
  withJournal((paths) => {
    appendJournal(paths, "old", october);
    appendJournal(paths, "new", november);
    equal(read(paths.journal), "- 2026-11-01 00:00 new\n");
    equal(read(join(paths.journalDir, "2026-10.md")), "- 2026-10-31 23:59 old\n");
    deepEqual(readJournal(paths), [
      { at: "2026-10-31 23:59", text: "old" },
      { at: "2026-11-01 00:00", text: "new" },
    ]);
    deepEqual(readJournal(paths, 1).map(({ text }) => text), ["new"]);
    deepEqual(readJournal(paths, 0), []);
  });
});

Deno.test("a journal edited by hand keeps every word: title, notes under an entry, no last line end, CRLF", () => {
  withJournal((paths) => {
    Deno.mkdirSync(paths.journalDir);
    Deno.writeTextFileSync(
      join(paths.journalDir, "2026-10.md"),
      "- 2026-10-01 08:00 first, no end",
    );
    Deno.writeTextFileSync(
      paths.journal,
      "# My journal\n\n- 2026-10-02 09:00 a\r\n  a note of mine\n- 2026-11-01 00:00 b\n- 2026-10-03 07:00 late",
    );
    appendJournal(paths, "c", november);
    equal(
      read(paths.journal),
      "# My journal\n\n- 2026-11-01 00:00 b\n- 2026-11-01 00:00 c\n",
    );
    equal(
      read(join(paths.journalDir, "2026-10.md")),
      "- 2026-10-01 08:00 first, no end\n- 2026-10-02 09:00 a\r\n  a note of mine\n- 2026-10-03 07:00 late\n",
    );
    deepEqual(readJournal(paths, 4).map(({ at, text }) => [at, text]), [
      ["2026-10-03 07:00", "late"],
      [null, "# My journal"],
      ["2026-11-01 00:00", "b"],
      ["2026-11-01 00:00", "c"],
    ]);
  });
});

Deno.test("a clock that jumps back and forth neither moves newer lines away nor scrambles the months", () => {
  withJournal((paths) => {
    appendJournal(paths, "nov", november);
    appendJournal(paths, "jumped back", october);
    equal(read(paths.journal), "- 2026-11-01 00:00 nov\n- 2026-10-31 23:59 jumped back\n");
    appendJournal(paths, "right again", november);
    equal(read(paths.journal), "- 2026-11-01 00:00 nov\n- 2026-11-01 00:00 right again\n");
    appendJournal(paths, "far ahead", new Date(2099, 0, 1));
    appendJournal(paths, "back", november);
    appendJournal(paths, "next month", new Date(2026, 11, 1));
    equal(
      read(paths.journal),
      "- 2099-01-01 00:00 far ahead\n- 2026-12-01 00:00 next month\n",
    );
    equal(readJournal(paths).length, 6);
  });
});

Deno.test("countEntry() grows by one with the move's line, whatever the clock and the rotation do", () => {
  withJournal((paths) => {
    for (let count = 0; count < 80; count++) appendJournal(paths, "same", october);
    equal(countEntry(paths, "same", october), 80);
    appendJournal(paths, "same", november);
    equal(countEntry(paths, "same", october), 80);
    equal(countEntry(paths, "sa\nme ", november), 0);
    equal(countEntry(paths, "same", november), 1);
    // The clock was set back behind entries that stand already.
    const before = countEntry(paths, "late", october);
    appendJournal(paths, "late", october);
    equal(countEntry(paths, "late", october), before + 1);
    equal(countEntry({ journal: "/nowhere/j.md", journalDir: "/nowhere/j" }, "x", november), 0);
  });
});

Deno.test("appendJournal() finishes its own line where a crash cut it off, and closes any other", () => {
  withJournal((paths) => {
    for (const cut of ["- 2026-11", "- 2026-11-01 00:00 the whole"]) {
      Deno.writeTextFileSync(paths.journal, `- 2026-11-01 00:00 before\n${cut}`);
      appendJournal(paths, "the whole line", november);
      deepEqual(readJournal(paths).map(({ text }) => text), ["before", "the whole line"]);
    }
    Deno.writeTextFileSync(paths.journal, "- 2026-11");
    appendJournal(paths, "first", november);
    equal(read(paths.journal), "- 2026-11-01 00:00 first\n");
    Deno.writeTextFileSync(paths.journal, "- 2026-11-01 00:00 another");
    appendJournal(paths, "first", november);
    deepEqual(readJournal(paths).map(({ text }) => text), ["another", "first"]);
  });
});

Deno.test("a rotation that crashed half-way is neither shown twice nor kept twice", () => {
  withJournal((paths) => {
    // The state between the archive's growth and the new journal.md: the line stands in both.
    Deno.mkdirSync(paths.journalDir);
    const old = "- 2026-10-31 23:59 old\n";
    Deno.writeTextFileSync(paths.journal, old);
    Deno.writeTextFileSync(join(paths.journalDir, "2026-10.md"), "- 2026-10-30 10:00 kept\n" + old);
    Deno.writeTextFileSync(
      join(paths.journalDir, ".rotation"),
      JSON.stringify({ month: "2026-11", lengths: { "2026-10": 24 } }),
    );
    deepEqual(readJournal(paths).map(({ text }) => text), ["kept", "old"]);
    appendJournal(paths, "new", november);
    deepEqual(readJournal(paths).map(({ text }) => text), ["kept", "old", "new"]);
    equal(read(join(paths.journalDir, "2026-10.md")), "- 2026-10-30 10:00 kept\n" + old);
    deepEqual([...Deno.readDirSync(paths.journalDir)].map(({ name }) => name), ["2026-10.md"]);
  });
});

Deno.test("kill -9 at any point of appends that each rotate loses no line and doubles none", async () => {
  const dir = Deno.makeTempDirSync({ prefix: "looop-journal-" });
  const paths = { journal: join(dir, "journal.md"), journalDir: join(dir, "journal") };
  const module = new URL("./crashing_appender.ts", import.meta.url).pathname;
  let next = 0;
  for (let round = 0; round < 10; round++) {
    const when = { lines: 1 + round % 4, extraMs: Math.random() * 4 };
    const said = await runAndKill(module, ["journal", dir, "n", String(next)], when);
    const acknowledged = Number(said.at(-1));
    const texts = readJournal(paths).map(({ text }) => text);
    const numbers = texts.map((text) => Number(/^n-(\d+)$/.exec(text)?.[1] ?? `torn: ${text}`));
    equal(new Set(numbers).size, numbers.length, `doubled in ${texts}`);
    const last = Math.max(...numbers);
    equal(numbers.length, last + 1, `lost in ${texts}`);
    ok(last === acknowledged || last === acknowledged + 1, `${last} after ${acknowledged}`);
    next = last + 1;
  }
  Deno.removeSync(dir, { recursive: true });
});

Deno.test("readJournal() reads the tail of a long history without reading the history", () => {
  withJournal((paths) => {
    Deno.mkdirSync(paths.journalDir);
    const file = Deno.openSync(join(paths.journalDir, "2026-10.md"), { write: true, create: true });
    file.truncateSync(1024 ** 3); // a hole: a gigabyte to read, nothing on disk
    file.close();
    Deno.writeTextFileSync(
      paths.journal,
      Array.from({ length: 500 }, (_, n) => `- 2026-11-01 00:00 ${n}\n`).join(""),
    );
    const start = performance.now();
    deepEqual(readJournal(paths, 3).map(({ text }) => text), ["497", "498", "499"]);
    ok(performance.now() - start < 1000);
  });
});
