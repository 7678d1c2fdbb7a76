import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { openLog } from "../../src/session/log_file.ts";
import { killSession } from "../../src/session/end_session.ts";
import { readScreen } from "../../src/session/read_screen.ts";
import { linesOf } from "../../src/session/screen_snapshot.ts";
import { typeKeys, typeText } from "../../src/session/type_input.ts";
import { waitForExit } from "../../src/session/wait_session.ts";
import { SessionLab } from "../helpers/session_lab.ts";
import { needing } from "../helpers/test_session.ts";

const TYPED = { timeoutMs: 20_000 };

/** Waits until the screen of a session shows a match, and returns the screen. */
async function shows(lab: SessionLab, id: string, pattern: RegExp): Promise<string> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { snapshot } = await readScreen(lab.sessionsDir, id);
    const screen = linesOf(snapshot).join("\n");
    if (pattern.test(screen)) return screen;
    if (performance.now() > deadline) throw new Error(`no ${pattern} on the screen:\n${screen}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

for (const program of ["top", "htop"] as const) {
  Deno.test(needing(program, `${program} draws its table at 300 columns and takes q`), async () => {
    await using lab = new SessionLab();
    const { dir } = await lab.start(program, [program], { cols: 300, rows: 50 });
    const screen = await shows(lab, program, /PID.*USER.*CPU%? ?.*TIME\+ +C(OMMAND|ommand)/);
    equal(screen.split("\n").length, 50);
    ok(screen.split("\n").some((line) => line.trimEnd().length > 0 && line.length <= 300));
    await typeKeys(dir, ["q"], TYPED);
    equal(await waitForExit(lab.sessionsDir, program, 20_000), 0);
  });
}

Deno.test(needing("nano", "nano takes text and keys, saves and leaves"), async () => {
  await using lab = new SessionLab();
  const file = join(lab.root, "note.txt");
  const { dir } = await lab.start("nano", ["nano", "--ignorercfiles", file]);
  await shows(lab, "nano", /note\.txt/);
  const { isSeen } = await typeText(dir, "first line\nzweite Zeile: äöü 日本", {
    ...TYPED,
    isEnterWanted: false,
  });
  await shows(lab, "nano", /^zweite Zeile: äöü 日本/m);
  equal(isSeen, true);
  await typeKeys(dir, ["Up", "Home", "C-o", "Enter"], TYPED);
  await lab.until(
    "it is saved",
    () => Deno.readDirSync(lab.root).some(({ name }) => name === "note.txt"),
  );
  await typeKeys(dir, ["C-x"], TYPED);
  equal(await waitForExit(lab.sessionsDir, "nano", 20_000), 0);
  equal(Deno.readTextFileSync(file), "first line\nzweite Zeile: äöü 日本\n");
});

Deno.test(needing("tmux", "tmux inside a session draws, splits and hands input on"), async () => {
  await using lab = new SessionLab();
  const socket = `looop-${crypto.randomUUID()}`;
  const shell = "bash --norc --noprofile -i";
  const { dir } = await lab.start(
    "mux",
    [
      "tmux",
      "-L",
      socket,
      "-f",
      "/dev/null",
      "new-session",
      shell,
      ";",
      "split-window",
      "-h",
      shell,
    ],
  );
  try {
    await shows(lab, "mux", /│/);
    await typeText(dir, "echo right $((6*7))", { ...TYPED, isEnterWanted: true });
    match(await shows(lab, "mux", /right 42/), /│ ?right 42/);
    await typeKeys(dir, ["C-b", "Left"], TYPED);
    await typeText(dir, "echo left $((6*7))", { ...TYPED, isEnterWanted: true });
    await shows(lab, "mux", /^left 42 .*│/m);
  } finally {
    // A tmux server leaves its session and is nobody's child: kill ends it all the same.
    await killSession(lab.sessionsDir, "mux");
  }
  equal(lab.leftovers().length, 0);
});

Deno.test("a 100 MB cat: the log holds the last of it up to its limit, offsets are true, the screen too", async () => {
  await using lab = new SessionLab();
  Deno.mkdirSync(lab.sessionsDir);
  const tail = ` ${"abcdefghi ".repeat(9)}`.slice(0, 89);
  const line = (n: number) => String(n).padStart(9, "0") + tail;
  const count = 1_000_000;
  const limit = 16 * 1024 * 1024;
  const file = join(lab.root, "100mb.txt");
  for (let from = 1; from <= count; from += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => line(from + i) + "\n");
    Deno.writeTextFileSync(file, lines.join(""), { append: true });
  }
  const script = "stty -opost; cat ../100mb.txt; read x";
  const { dir } = await lab.start("cat", script, { logMaxBytes: limit, cwd: lab.sessionsDir });
  const total = 99 * count;
  const end = () => {
    using log = openLog(dir);
    return log?.end() ?? 0;
  };
  await lab.until("all is recorded", () => end() === total, 90_000);
  using log = openLog(dir)!;
  const size = log.end() - log.base;
  ok(size <= limit && size > limit / 2 - 300_000, `${size} bytes are kept`);
  const buffer = new Uint8Array(99);
  for (const n of [Math.ceil(log.base / 99) + 1, count - 70_000, count - 1, count]) {
    equal(log.readAt((n - 1) * 99, buffer), 99);
    equal(new TextDecoder().decode(buffer), line(n) + "\n");
  }
  const { snapshot, isWhole } = await readScreen(lab.sessionsDir, "cat");
  equal(isWhole, true);
  ok(linesOf(snapshot).some((row) => row.includes(String(count).padStart(9, "0"))));
});

const fleet = Number(Deno.env.get("LOOOP_TEST_FLEET") ?? 30);
Deno.test(`${fleet} sessions at once: each starts, takes input, answers and ends`, async () => {
  await using lab = new SessionLab();
  const ids = Array.from({ length: fleet }, (_, i) => `s${i}`);
  const queue = [...ids];
  const dirs = new Map<string, string>();
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      dirs.set(id, (await lab.start(id, "read x; echo got $x; read y; exit 5")).dir);
    }
  }));
  equal(ids.every((id) => lab.session(id)?.isAlive), true);
  await Promise.all(
    ids.map((id) =>
      typeText(dirs.get(id)!, `hello ${id}`, { timeoutMs: 60_000, isEnterWanted: true })
    ),
  );
  await lab.until(
    "all have answered",
    () => ids.every((id) => lab.log(id).includes(`got hello ${id}\r\n`)),
    60_000,
  );
  const exits = ids.map((id) => waitForExit(lab.sessionsDir, id, 60_000));
  await Promise.all(ids.map((id) => typeKeys(dirs.get(id)!, ["Enter"], { timeoutMs: 60_000 })));
  equal((await Promise.all(exits)).every((code) => code === 5), true);
});
