/**
 * From `start-session` to the first byte of the worker's output in its log.
 *
 * @module
 */
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { ratioRow } from "../row.ts";
import { interleave, waitUntil, wallMs } from "../samples.ts";

export const startSession: Family = {
  name: "start-session",
  rows: ["start-session to first byte"],
  async run(setup) {
    await using arena = new Arena(setup, "start-session", { interactive: "printf x" });
    let count = 0;
    const { empty, start } = await interleave({
      empty: () => arena.time(setup.empty),
      start: async () => {
        const id = `s${++count}`;
        const log = `sessions/${id}/output.log`;
        const startMs = wallMs();
        const child = arena.spawnLooop("start-session", id, "go");
        const ms = waitUntil("the first byte", () => arena.sizeOf(log) > 0, { everyMs: 0.5 }) -
          startMs;
        await child.status;
        return ms;
      },
    }, { times: setup.isQuick ? 10 : 25 });
    return [
      ratioRow({
        name: "start-session to first byte",
        against: "empty program",
        reason:
          "the verb comes up, then the supervisor, beside what the verb still checks, then bash: " +
          "on one free processor nothing of it happens at once",
      }, { own: start, other: empty, atMost: 4 }),
    ];
  },
};
