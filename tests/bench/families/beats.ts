/**
 * What a beat costs beyond its sensors, and how soon an edit brings one.
 *
 * @module
 */
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { limitRow } from "../row.ts";
import { interleave, pause, sampleOf, wallMs } from "../samples.ts";
import { closeFd, openFd, writeFd } from "../../../src/libc/descriptors.ts";

const BEAT_ROW = "unchanged beat, 20 sensors of 200 ms";
const EDIT_ROW = "edit of a goal to its beat";
const BEAT_OVERHEAD_MS = 150;
const EDIT_P99_MS = 300;

/** Writes a profile of so many goals and sensors, in place of what looop would seed. */
export function furnish(
  arena: Arena,
  { goals, sensors, sensor }: {
    readonly goals: number;
    readonly sensors: number;
    readonly sensor: string;
  },
): void {
  arena.write("PLAYBOOK.md", "# PLAYBOOK\n\nDo nothing.\n");
  const note = "- 2026-01-01 a dated note of the usual length, nothing to be seen in it\n".repeat(
    20,
  );
  for (let i = 0; i < goals; i++) {
    arena.write(`goals/g${i}.md`, `goal: keep ${i} as it is\n${note}`);
  }
  for (let i = 0; i < sensors; i++) arena.write(`sensors/s${i}.sh`, sensor, 0o700);
}

/** Has a running pulse beat once more, over a world that is as it was. @returns Milliseconds. */
export async function timeBeat(arena: Arena): Promise<number> {
  const sinceMs = Date.now();
  const fd = openFd(`${arena.dataDir}/.wake`, "write");
  if (fd < 0) throw new Error("no pulse listens");
  writeFd(fd, new Uint8Array([1]));
  closeFd(fd);
  const start = await arena.event("beat_start", sinceMs);
  // One that was under way ends first.
  const end = await arena.event("unchanged", Date.parse(start.ts));
  return Date.parse(end.ts) - Date.parse(start.ts);
}

export const beats: Family = {
  name: "beat",
  rows: [BEAT_ROW],
  async run(setup) {
    await using arena = new Arena(setup, "beats");
    const sensor = `#!/bin/sh\nsleep 0.2\necho '{"signal": 1}'\n`;
    furnish(arena, { goals: 5, sensors: 20, sensor });
    await arena.startPulse();
    const scripts = Array.from({ length: 20 }, (_, i) => `${arena.dataDir}/sensors/s${i}.sh`);
    const alone = ["sh", "-c", `printf '%s\\n' "$@" | xargs -P 8 -n 1 sh`, "sh", ...scripts];
    const { beat, sensors } = await interleave({
      beat: () => timeBeat(arena),
      sensors: () => arena.time(alone),
    }, { times: setup.isQuick ? 2 : 15, warmUp: 1 });
    const extra = beat.median - sensors.median;
    return [
      limitRow({
        name: BEAT_ROW,
        against: "the sensors alone, xargs -P 8",
        note: `${extra.toFixed(0)} ms over the sensors' own time`,
      }, {
        value: beat.median,
        unit: "ms",
        baseline: sensors.median,
        target: `at most ${BEAT_OVERHEAD_MS} ms over it`,
        ok: extra <= BEAT_OVERHEAD_MS,
        sample: beat,
      }),
    ];
  },
};

/** Waits until the pulse has done nothing for a while: an edit during a beat is seen by that beat. */
async function asleep(arena: Arena): Promise<void> {
  for (let size = -1; size !== arena.sizeOf("events.jsonl");) {
    size = arena.sizeOf("events.jsonl");
    await pause(300);
  }
}

export const edits: Family = {
  name: "edit",
  rows: [EDIT_ROW],
  async run(setup) {
    await using arena = new Arena(setup, "edits");
    furnish(arena, { goals: 5, sensors: 2, sensor: "#!/bin/sh\necho 1\n" });
    await arena.startPulse();
    await pause(300);
    const times: number[] = [];
    for (let i = 0; i < (setup.isQuick ? 4 : 100); i++) {
      const startMs = wallMs();
      arena.write("goals/g1.md", `goal: as it is in version ${i}\n`);
      const { ts } = await arena.event("beat_start", Math.floor(startMs));
      times.push(Math.max(0, Date.parse(ts) - startMs));
      await asleep(arena);
    }
    const sample = sampleOf(times);
    return [
      limitRow({
        name: EDIT_ROW,
        against: "",
        note: `p50 ${sample.median.toFixed(0)} ms; value is p99`,
      }, {
        value: sample.p99,
        unit: "ms",
        target: `p99 at most ${EDIT_P99_MS} ms`,
        ok: sample.p99 <= EDIT_P99_MS,
        sample,
      }),
    ];
  },
};
