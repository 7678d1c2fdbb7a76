/**
 * How the same work grows with what there is: sessions, history, goals, sensors.
 *
 * @module
 */
import { messageOf } from "../../src/base/errors.ts";
import { Arena, workerIds } from "./arena.ts";
import { furnish, timeBeat } from "./families/beats.ts";
import { HISTORY_READS, makeHistory } from "./families/long_history.ts";
import { sampleOf } from "./samples.ts";
import type { Setup } from "./setup.ts";

/** One curve: the same thing timed at several sizes. */
export interface Curve {
  readonly name: string;
  readonly of: string;
  readonly points: readonly { readonly size: number; readonly ms: number }[];
  /** Why it is not whole. */
  readonly reason?: string;
}

/** Measures all curves. */
export async function measureGrowth(setup: Setup): Promise<readonly Curve[]> {
  const quick = setup.isQuick;
  return [
    ...await curvesOver(quick ? [1, 5, 20] : [1, 10, 100], {
      of: "live sessions",
      make: async (size) => {
        const arena = new Arena(setup, `grow-sessions-${size}`);
        await arena.startWorkers(workerIds(size), "exec sleep 100000");
        return arena;
      },
      timings: {
        ls: (arena) => arena.timeLooop("ls"),
        status: (arena) => arena.timeLooop("status"),
        flag: (arena) => arena.timeLooop("flag", "w001", "look here"),
      },
    }),
    ...await curvesOver(quick ? [1, 16] : [1, 32, 1024], {
      of: "MiB of history",
      make: (size) => makeHistory(setup, `grow-history-${size}`, size * 2 ** 20),
      timings: HISTORY_READS,
    }),
    ...await curvesOver(quick ? [10, 100] : [10, 100, 1000], {
      of: "goals",
      make: (goals) => withPulse(new Arena(setup, `grow-goals-${goals}`), { goals, sensors: 2 }),
      timings: { "unchanged beat": timeBeat },
    }),
    ...await curvesOver(quick ? [5, 20] : [5, 50, 200], {
      of: "sensors",
      make: (sensors) =>
        withPulse(new Arena(setup, `grow-sensors-${sensors}`), { goals: 2, sensors }),
      timings: { "unchanged beat": timeBeat },
    }),
  ];
}

async function withPulse(
  arena: Arena,
  { goals, sensors }: { readonly goals: number; readonly sensors: number },
): Promise<Arena> {
  furnish(arena, { goals, sensors, sensor: "#!/bin/sh\necho 1\n" });
  await arena.startPulse();
  return arena;
}

type Timings = Readonly<Record<string, (arena: Arena) => number | Promise<number>>>;

async function curvesOver(sizes: readonly number[], { of, make, timings }: {
  readonly of: string;
  readonly make: (size: number) => Promise<Arena>;
  readonly timings: Timings;
}): Promise<readonly Curve[]> {
  const points = new Map<string, { size: number; ms: number }[]>();
  let reason: string | undefined;
  for (const size of sizes) {
    try {
      await using arena = await make(size);
      for (const [name, time] of Object.entries(timings)) {
        await time(arena);
        const values: number[] = [];
        for (let i = 0; i < 7; i++) values.push(await time(arena));
        const { median } = sampleOf(values);
        points.set(name, [...points.get(name) ?? [], { size, ms: Number(median.toPrecision(3)) }]);
      }
    } catch (error) {
      reason = `not measured at ${size}: ${messageOf(error)}`;
    }
  }
  return Object.keys(timings).map((name) => ({
    name,
    of,
    points: points.get(name) ?? [],
    ...(reason === undefined ? {} : { reason }),
  }));
}
