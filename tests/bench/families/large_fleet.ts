/**
 * Whether a large fleet slows down who reads it.
 *
 * @module
 */
import { Arena, workerIds } from "../arena.ts";
import type { Family } from "../family.ts";
import { ratioRow } from "../row.ts";
import { interleave } from "../samples.ts";

export const largeFleet: Family = {
  name: "large-fleet",
  rows: ["ls, many live sessions", "status, many live sessions"],
  async run(setup) {
    const count = setup.isQuick ? 20 : 100;
    await using one = new Arena(setup, "fleet-one");
    await using many = new Arena(setup, "fleet-many");
    await one.startWorkers(workerIds(1), "exec sleep 100000");
    await many.startWorkers(workerIds(count), "exec sleep 100000");
    const { lsOne, lsMany, statusOne, statusMany } = await interleave({
      lsOne: () => one.timeLooop("ls"),
      lsMany: () => many.timeLooop("ls"),
      statusOne: () => one.timeLooop("status"),
      statusMany: () => many.timeLooop("status"),
    }, { times: setup.isQuick ? 8 : 40 });
    const text = { against: "the same with 1", note: `${count} sessions` };
    return [
      ratioRow({ name: "ls, many live sessions", ...text }, {
        own: lsMany,
        other: lsOne,
        atMost: 2,
      }),
      ratioRow({ name: "status, many live sessions", ...text }, {
        own: statusMany,
        other: statusOne,
        atMost: 2,
      }),
    ];
  },
};
