/**
 * A long day in a few minutes: a real pulse with ten sensors, five chatty workers and an edit every
 * moment. Nothing may grow that the work does not make grow, no edit may go unnoticed, no byte be lost.
 *
 * Compressed: an hour has 720 edits, one every five seconds; here one comes every half second, and the
 * pulse beats for each of them.
 *
 * @module
 */
import { sha256 } from "../../../src/diff/world.ts";
import { Arena, workerIds } from "../arena.ts";
import type { Family } from "../family.ts";
import { countDescriptors, countThreads, readPssMiB, readSession } from "../processes.ts";
import { limitRow, type Row } from "../row.ts";
import { pause, waitUntil, wallMs } from "../samples.ts";
import { furnish } from "./beats.ts";

const NAMES = {
  memory: "soak: memory of the pulse",
  supervisor: "soak: memory of the supervisors",
  descriptors: "soak: open files of the pulse",
  threads: "soak: threads of the pulse",
  disk: "soak: scratch on disk",
  wakes: "soak: missed wakes",
  bytes: "soak: lost bytes",
} as const;
const WORKERS = workerIds(5);
const EDIT_EVERY_MS = 500;
const EDITS_PER_HOUR = 720;
/** An edit that no beat has seen by then, long before the next interval, was missed. */
const SEEN_LIMIT_MS = 20_000;
/** The world that was last decided on. */
const LAST_WORLD = ".last-world.json";

export const soak: Family = {
  name: "soak",
  rows: Object.values(NAMES),
  isOnDemand: true,
  async run(setup) {
    await using arena = new Arena(setup, "soak");
    furnish(arena, { goals: 20, sensors: 10, sensor: "#!/bin/sh\necho '{\"signal\": 1}'\n" });
    const stop = `${arena.dir}/stop`;
    // Each worker keeps its own copy of what it has said, to be compared with its log.
    await arena.startWorkers(
      WORKERS,
      `n=0; while [ ! -e ${stop} ]; do n=$((n+1)); printf '%s line %d of many, all alike\\n' ` +
        `"$LOOOP_SESSION_ID" $n | tee -a ${arena.dir}/said-$LOOOP_SESSION_ID; sleep 0.05; done`,
    );
    const pulse = await arena.startPulse();
    const supervisors = WORKERS.map((id) => readSession(arena.sessionsDir, id).supervisorPid);
    const look = () => ({
      memory: readPssMiB(pulse.pid),
      supervisor: supervisors.reduce((sum, pid) => sum + readPssMiB(pid), 0),
      descriptors: countDescriptors(pulse.pid),
      threads: countThreads(pulse.pid),
      disk: sizeOfFolder(`${arena.dataDir}/runs`) + sizeOfFolder(`${arena.dataDir}/snapshots`),
    });
    const edits = setup.isQuick ? 60 : EDITS_PER_HOUR;
    const startMs = wallMs();
    let missed = 0;
    // A heap swings by what was not collected yet; what counts is how low it comes. And the folder of
    // runs has its full size only after a while.
    const looks: ReturnType<typeof look>[] = [];
    for (let i = 0; i < edits; i++) {
      if (i % 5 === 0) looks.push(look());
      const editMs = Date.now();
      const text = `goal: as it is in version ${i}\n`;
      arena.write(`goals/g${i % 20}.md`, text);
      if (!await isDecidedOn(arena, text)) missed++;
      await pause(Math.max(0, EDIT_EVERY_MS - (Date.now() - editMs)));
    }
    const before = lowest(looks.slice(Math.ceil(looks.length / 6), Math.ceil(looks.length / 2)));
    const after = lowest(looks.slice(Math.ceil(looks.length * 2 / 3)));
    const seconds = (wallMs() - startMs) / 1000;
    Deno.writeTextFileSync(stop, "");
    const lost = WORKERS.reduce((sum, id) => sum + countLost(arena, id), 0);
    const note = `${edits} edits in ${seconds.toFixed(0)} s, as many as in ` +
      `${Math.round(edits / EDITS_PER_HOUR * 60)} minutes of one every 5 s`;
    const grown = (name: keyof typeof before, unit: string, most: number, why?: string): Row => {
      const isShort = after[name] > before[name] * most;
      const reason = isShort && why !== undefined ? { reason: why } : {};
      const text = { name: NAMES[name], against: "the same in the first half", note, ...reason };
      return limitRow(text, {
        value: after[name],
        unit,
        baseline: before[name],
        target: `at most ${most}x`,
        ok: !isShort,
      });
    };
    const none = (name: "wakes" | "bytes", value: number): Row =>
      limitRow({ name: NAMES[name], against: "" }, {
        value,
        unit: name,
        target: "none",
        ok: value === 0,
      });
    return [
      grown("memory", "MiB", 1.3, "V8 lets its heap grow before it collects; README: it levels"),
      grown("supervisor", "MiB", 1.3),
      grown("descriptors", "files", 1.1),
      grown("threads", "threads", 1.5),
      grown("disk", "MiB", 1.5),
      none("wakes", missed),
      none("bytes", lost),
    ];
  },
};

/** Waits until a beat has decided on a world with this goal in it. */
async function isDecidedOn(arena: Arena, text: string): Promise<boolean> {
  const digest = sha256(text);
  for (let waited = 0; waited < SEEN_LIMIT_MS; waited += 20) {
    if (arena.tailOf(LAST_WORLD, 2 ** 20).includes(digest)) return true;
    await pause(20);
  }
  return false;
}

/** Compares what a worker said with its log. @returns How many bytes differ or lack. */
function countLost(arena: Arena, id: string): number {
  arena.looopSync("wait", id);
  waitUntil("the log is closed", () => arena.sizeOf(`sessions/${id}/screen.json`) >= 0);
  const said = Deno.readTextFileSync(`${arena.dir}/said-${id}`);
  const logged = arena.looopSync("log", id, "--raw").replaceAll("\r\n", "\n");
  if (logged === said) return 0;
  let same = 0;
  while (same < said.length && said[same] === logged[same]) same++;
  return Math.max(said.length, logged.length) - same;
}

type Look = Readonly<
  Record<"memory" | "supervisor" | "descriptors" | "threads" | "disk", number>
>;

/** The lowest of each figure. */
function lowest(looks: readonly Look[]): Look {
  const of = (name: keyof Look) => Math.min(...looks.map((look) => look[name]));
  return {
    memory: of("memory"),
    supervisor: of("supervisor"),
    descriptors: of("descriptors"),
    threads: of("threads"),
    disk: of("disk"),
  };
}

function sizeOfFolder(path: string): number {
  let bytes = 0;
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    if (isDirectory) bytes += sizeOfFolder(`${path}/${name}`) * 2 ** 20;
    else bytes += Deno.statSync(`${path}/${name}`).size;
  }
  return bytes / 2 ** 20;
}
