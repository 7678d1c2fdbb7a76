/**
 * What a session costs that does nothing: memory and wake-ups of its supervisor.
 *
 * @module
 */
import { readSession } from "../processes.ts";
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { limitRow, missingRow, ratioRow } from "../row.ts";
import { pause, sampleOf } from "../samples.ts";
import { countSwitches, readPssMiB } from "../processes.ts";

const MEMORY_ROW = "memory of an idle supervisor (PSS)";
const WAKE_ROW = "wake-ups of an idle supervisor";

export const idle: Family = {
  name: "idle",
  rows: [MEMORY_ROW, WAKE_ROW],
  async run(setup) {
    if (Deno.build.os !== "linux") {
      return [MEMORY_ROW, WAKE_ROW].map((name) => missingRow(name, "only Linux tells PSS"));
    }
    await using arena = new Arena(setup, "idle");
    const own: number[] = [];
    const other: number[] = [];
    const watchMs = setup.isQuick ? 3000 : 20_000;
    let wakes = Infinity;
    for (let i = 0; i < (setup.isQuick ? 1 : 2); i++) {
      const empty = arena.spawn(setup.idle);
      await arena.startWorkers([`i${i}`], "echo hello; exec sleep 100000");
      await pause(setup.isQuick ? 1500 : 3000);
      const { supervisorPid, pid } = readSession(arena.sessionsDir, `i${i}`);
      own.push(readPssMiB(supervisorPid));
      other.push(readPssMiB(empty.pid));
      const before = countSwitches(supervisorPid);
      await pause(watchMs);
      wakes = Math.min(wakes, countSwitches(supervisorPid) - before);
      Deno.kill(pid, "SIGKILL");
      empty.kill("SIGTERM");
      await empty.status;
      arena.looopSync("wait-idle", `i${i}`);
      await pause(500);
    }
    return [
      ratioRow({ name: MEMORY_ROW, against: "idle empty program" }, {
        own: sampleOf(own),
        other: sampleOf(other),
        atMost: 1.7,
        unit: "MiB",
      }),
      limitRow({ name: WAKE_ROW, against: "", note: `in ${watchMs / 1000} s, all threads` }, {
        value: wakes,
        unit: "wake-ups",
        target: "none that are periodic",
        ok: wakes <= 2,
      }),
    ];
  },
};
