/**
 * What 1,000 goals and 200 snapshots cost: reading, hashing and comparing them.
 *
 * @module
 */
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { ratioRow } from "../row.ts";
import { interleave } from "../samples.ts";
import { furnish } from "./beats.ts";

const ROW = "hash and diff 1,000 goals, 200 snapshots";

export const hashing: Family = {
  name: "hashing",
  rows: [ROW],
  async run(setup) {
    await using arena = new Arena(setup, "hashing");
    furnish(arena, { goals: 1000, sensors: 0, sensor: "" });
    for (let i = 0; i < 200; i++) {
      const items = Array.from(
        { length: 40 },
        (_, n) => ({ title: `item ${n}`, open: n % 2 === 0 }),
      );
      const reading = { signal: { count: i, items }, detail: "not counted" };
      arena.write(`snapshots/sensor-s${i}.json`, JSON.stringify(reading, undefined, 2));
    }
    const [program = "", ...args] = await setup.program("world");
    const timeOf = (what: "read" | "hash") => {
      const { stdout, success } = new Deno.Command(program, {
        args: [...args, what, arena.dataDir],
        env: arena.env,
        clearEnv: true,
        stderr: "inherit",
      }).outputSync();
      if (!success) throw new Error("the program that reads the world failed");
      return Number(new TextDecoder().decode(stdout));
    };
    const { read, hash } = await interleave({
      read: () => timeOf("read"),
      hash: () => timeOf("hash"),
    }, { times: setup.isQuick ? 5 : 20 });
    return [
      ratioRow({ name: ROW, against: "reading the same files" }, {
        own: hash,
        other: read,
        atMost: 3,
      }),
    ];
  },
};
