import { equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { tryLock } from "../../src/base/file_lock.ts";
import { sumCosts } from "../../src/log/cost_ledger.ts";
import { beat } from "../../src/pulse/beat.ts";
import { openBeat } from "../../src/pulse/open_beat.ts";
import { answerQuestion } from "../../src/question/answer_question.ts";
import { listOpenQuestions } from "../../src/question/list_questions.ts";
import { Home } from "../helpers/home.ts";

/**
 * Weeks of beats in a row. Real: every beat is `beat()` itself over a real data dir, with a real sensor
 * process, and a real runner process for each decision. Stood in for: the clock (ten minutes a beat), the
 * LLM (a shell script), and git, which is not on PATH here and keeps a history of its own kind. `LOOOP_SOAK_BEATS=10000` is the full
 * length; it takes a quarter of an hour on a quiet machine.
 */
const BEATS = Number(Deno.env.get("LOOOP_SOAK_BEATS") ?? 300);
const STEP_MS = 600_000;
const MIB = 1024 * 1024;

/** What may lie below the data dir, in files and bytes, however long looop beats. */
const BOUNDS: Readonly<Record<string, { readonly files: number; readonly bytes: number }>> = {
  "events.jsonl": { files: 1, bytes: 5.25 * MIB },
  "tick.log": { files: 1, bytes: 1.4 * MIB },
  "cost.jsonl": { files: 1, bytes: 1.5 * MIB },
  runs: { files: 50 * 4, bytes: 50 * 9 * MIB },
  asks: { files: 2010, bytes: 2010 * 8192 },
  snapshots: { files: 10, bytes: 100_000 },
  prompts: { files: 1000, bytes: MIB },
  sessions: { files: 1000, bytes: MIB },
  tick: { files: 1, bytes: MIB },
  goals: { files: 8, bytes: 100_000 },
};

const RUNNER = `
while read -r line; do :; done
n=$(< ../../turn)
case $((n % 8)) in
  0) echo '{"action":"noop","reason":"calm"}' > .decision.json ;;
  1) printf '{"action":"write_goal","id":"g%d","body":"turn %d"}' $((n % 5)) "$n" > .decision.json ;;
  2) printf '{"action":"run_shell","cmd":"printf %%%%0200000d 1 # %d","reason":"r"}' "$n" > .decision.json ;;
  3) printf '{"action":"run_shell","cmd":"true risky %d","reason":"r"}' "$n" > .decision.json ;;
  4) echo '{"action":"dance"}' > .decision.json ;;
  5) printf '%0300000d\\n' 1; exit 1 ;;
  6) printf x%0100000d 1 > litter; echo '{"action":"send_notification","message":"m"}' > .decision.json ;;
  7) printf '{"action":"write_sensor","name":"n2","script":"echo %d"}' $((n % 3)) > .decision.json ;;
esac
`;

/** A folder for PATH with bash alone. */
function makePath(home: Home): string {
  const bin = join(home.dir, "bin");
  Deno.mkdirSync(bin);
  const { stdout } = new Deno.Command("bash", { args: ["-c", "type -P bash true"] }).outputSync();
  for (const path of new TextDecoder().decode(stdout).trim().split("\n")) {
    Deno.symlinkSync(path, join(bin, path.split("/").at(-1)!));
  }
  return bin;
}

function measure(path: string): { files: number; bytes: number } {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch {
    return { files: 0, bytes: 0 };
  }
  if (!info.isDirectory) return { files: 1, bytes: info.size };
  const sum = { files: 0, bytes: 0 };
  for (const { name } of Deno.readDirSync(path)) {
    const each = measure(join(path, name));
    sum.files += each.files;
    sum.bytes += each.bytes;
  }
  return sum;
}

/** A worker that ended, with its prompt, as days of work leave them behind. */
function leaveDeadWorker(home: Home, id: string, endedMs: number): void {
  home.write(`prompts/${id}.md`, "do it\n");
  const record = {
    id,
    incarnation: id,
    command: ["true"],
    cwd: "/",
    cols: 80,
    rows: 24,
    state: "exited",
    pid: 1,
    supervisor_pid: 1,
    exit_code: 0,
    signal: null,
    started_at: endedMs - 1000,
    ended_at: endedMs,
    backend: "libc",
  };
  home.write(`sessions/${id}/session.json`, JSON.stringify(record));
}

Deno.test(`${BEATS} beats in a row stay within their bounds on disk and in memory`, async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("sensors/n.sh", 'echo "$(< "$LOOOP_DATA_DIR/../clock")"\n');
  home.write("runner.sh", RUNNER);
  home.configure('. "$LOOOP_DATA_DIR/runner.sh"', { gate: { ask: ["risky"] } });
  // Months of history, so that every bound is reached also by a short run.
  const oldLine = (day: number) =>
    `{"ts":"2026-0${
      1 + day % 9
    }-11T10:00:00.000Z","kind":"tick","id":"old-${day}","runner":"old","cost_usd":0.5}`;
  const oldLines = Array.from({ length: 11_050 }, (_, day) => oldLine(day)).join("\n") + "\n";
  home.write("cost.jsonl", oldLines);
  home.write(
    "events.jsonl",
    `${JSON.stringify({ ts: "x", msg: "y".repeat(200) })}\n`.repeat(19_040),
  );

  let nowMs = Date.parse("2026-11-01T00:00:00Z");
  const variables: Record<string, string> = { ...home.env(), PATH: makePath(home) };
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", variables["PATH"]!);
  try {
    const context = openBeat((name) => variables[name] || undefined, {
      onEvent: () => {},
      now: () => new Date(nowMs),
    });
    using lock = tryLock(context.profile.paths.lock);
    ok(lock);
    const { asksDir } = context.profile.paths;
    const started = performance.now();
    const outcomes: Record<string, number> = {};
    const peak: Record<string, { files: number; bytes: number }> = {};
    let heapAtWarmth = 0;
    let asked = 0;
    for (let turn = 0; turn < BEATS; turn++) {
      nowMs += STEP_MS;
      home.write("../turn", String(turn));
      if (turn % 5 === 0) home.write("../clock", String(turn));
      if (turn % 40 === 0) leaveDeadWorker(home, `w${turn}`, nowMs);
      const { outcome } = await beat(context);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      for (const { id } of listOpenQuestions(asksDir, () => true)) {
        asked++;
        const answer = turn % 2 === 0 ? "yes" : "no";
        await answerQuestion(asksDir, id, answer, { isAlive: () => true, now: new Date(nowMs) });
      }
      if (turn === Math.floor(BEATS / 4)) heapAtWarmth = Deno.memoryUsage().heapUsed;
      if (turn % 100 !== 0 && turn !== BEATS - 1) continue;
      for (const [name, bound] of Object.entries(BOUNDS)) {
        const now = measure(join(home.dataDir, name));
        const most = peak[name] ?? { files: 0, bytes: 0 };
        peak[name] = {
          files: Math.max(most.files, now.files),
          bytes: Math.max(most.bytes, now.bytes),
        };
        ok(now.files <= bound.files, `${name} has ${now.files} files at beat ${turn}`);
        ok(now.bytes <= bound.bytes, `${name} has ${now.bytes} bytes at beat ${turn}`);
      }
    }
    const { rss, heapUsed } = Deno.memoryUsage();
    const grown = heapUsed - heapAtWarmth;
    ok(grown < 48 * MIB, `the heap grew by ${grown} bytes`);
    ok(rss < 600 * MIB, `the process has ${rss} bytes`);
    const { total, brokenLines } = sumCosts(context.profile.paths.costLedger);
    equal(brokenLines, 0);
    equal(total.microUsd, 11_050 * 500_000, "no total changes by making room");
    equal(total.runs, 11_050 + total.unnamedRuns, "each run is counted, also one without a cost");
    ok(total.unnamedRuns >= BEATS / 8);
    ok((outcomes["acted"] ?? 0) > BEATS / 10 && asked > 0, JSON.stringify(outcomes));
    // One line for each decision and each answer, across all months.
    const months = [...Deno.readDirSync(context.profile.paths.journalDir)]
      .map(({ name }) => Deno.readTextFileSync(join(context.profile.paths.journalDir, name)));
    const lines = [...months, home.read("journal.md") ?? ""].join("").trimEnd().split("\n");
    const decided = ["acted", "asked", "refused", "stale"]
      .reduce((sum, name) => sum + (outcomes[name] ?? 0), 0);
    const failedMoves = lines.filter((line) => / failed: /.test(line)).length;
    equal(lines.length, decided + failedMoves, "one line for each decided beat");
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(JSON.stringify({ seconds, outcomes, peak, rss, grown }));
  } finally {
    Deno.env.set("PATH", path);
  }
});
