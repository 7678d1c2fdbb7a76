/**
 * Whether a long history slows down who reads the end of it.
 *
 * @module
 */
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { ratioRow, type Row } from "../row.ts";
import { interleave, waitUntil } from "../samples.ts";
import type { Setup } from "../setup.ts";
import { furnish, timeBeat } from "./beats.ts";
import { writeLines } from "./output.ts";

const MIB = 1024 * 1024;
const WHAT = ["log --tail", "shot", "journal --tail", "status", "beat"] as const;
const nameOf = (what: typeof WHAT[number]) => `${what}, long history`;

/** A profile with so much of everything that grows, one live session and a pulse. */
export async function makeHistory(setup: Setup, name: string, bytes: number): Promise<Arena> {
  const arena = new Arena(setup, name, { env: { LOOOP_SESSION_LOG_MAX: "4000000000" } });
  furnish(arena, { goals: 5, sensors: 2, sensor: "#!/bin/sh\necho 1\n" });
  const lines = `${arena.dir}/lines`;
  const size = writeLines(lines, bytes);
  await arena.startWorkers(["h1"], `cat ${lines}; exec sleep 100000`);
  // The files are written while the session's log fills.
  repeat(
    `${arena.dataDir}/events.jsonl`,
    bytes,
    (n) =>
      JSON.stringify({
        ts: "2026-01-02T03:04:05.000Z",
        level: "debug",
        event: "unchanged",
        msg: `${n}`,
      }),
  );
  repeat(
    `${arena.dataDir}/cost.jsonl`,
    bytes,
    (n) =>
      JSON.stringify({
        ts: "2026-01-02T03:04:05.000Z",
        kind: "tick",
        id: `r${n}`,
        runner: "bench",
        cost_usd: 0.01,
      }),
  );
  Deno.mkdirSync(`${arena.dataDir}/journal`);
  for (let month = 1; month <= 8; month++) {
    repeat(
      `${arena.dataDir}/journal/2025-0${month}.md`,
      bytes / 8,
      (n) => `- 2025-0${month}-02 03:04 noop: nothing to be done about ${n}`,
    );
  }
  const wait = { everyMs: 50, limitMs: 300_000 };
  waitUntil("the whole log", () => arena.sizeOf("sessions/h1/output.log") >= size, wait);
  Deno.removeSync(lines);
  // The screen catches up; a flood may take it longer than one request waits.
  for (let tries = 0; arena.looopSync("shot", "h1", "--trim").length === 0; tries++) {
    if (tries > 5) throw new Error("the screen stays empty");
  }
  await arena.startPulse();
  return arena;
}

/** What is read of it, each timed in milliseconds. */
export const HISTORY_READS: Readonly<
  Record<typeof WHAT[number], (arena: Arena) => number | Promise<number>>
> = {
  "log --tail": (arena) => arena.timeLooop("log", "h1", "--tail", "20"),
  shot: (arena) => arena.timeLooop("shot", "h1"),
  "journal --tail": (arena) => arena.timeLooop("journal", "--tail", "20"),
  status: (arena) => arena.timeLooop("status"),
  beat: (arena) => timeBeat(arena),
};

export const longHistory: Family = {
  name: "history",
  rows: WHAT.map(nameOf),
  async run(setup) {
    const mib = setup.isQuick ? 128 : 1024;
    await using short = await makeHistory(setup, "history-short", MIB);
    await using long = await makeHistory(setup, "history-long", mib * MIB);
    const rows: Row[] = [];
    for (const what of WHAT) {
      const { own, other } = await interleave({
        own: () => HISTORY_READS[what](long),
        other: () => HISTORY_READS[what](short),
      }, { times: setup.isQuick ? 3 : 15, warmUp: 1 });
      const note = `${mib} MiB each of log, journal, events, ledger`;
      const text = { name: nameOf(what), against: "the same with 1 MiB", note };
      rows.push(ratioRow(text, { own, other, atMost: 1.5 }));
    }
    return rows;
  },
};

function repeat(path: string, bytes: number, line: (n: number) => string): void {
  const block = Array.from({ length: 2000 }, (_, n) => line(n) + "\n").join("");
  const encoded = new TextEncoder().encode(block);
  using file = Deno.openSync(path, { create: true, write: true, truncate: true, mode: 0o600 });
  for (let written = 0; written < bytes; written += encoded.length) {
    for (let at = 0; at < encoded.length;) at += file.writeSync(encoded.subarray(at));
  }
}
