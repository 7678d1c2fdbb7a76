/**
 * What every call of looop costs before it does anything.
 *
 * @module
 */
import { Arena, workerIds } from "../arena.ts";
import type { Family } from "../family.ts";
import { ratioRow } from "../row.ts";
import { interleave } from "../samples.ts";

/** `version` and `--help`. */
export const startup: Family = {
  name: "startup",
  rows: ["version", "--help"],
  async run(setup) {
    await using arena = new Arena(setup, "startup");
    const { empty, version, help } = await interleave({
      empty: () => arena.time(setup.empty),
      version: () => arena.timeLooop("version"),
      help: () => arena.timeLooop("--help"),
    }, { times: setup.isQuick ? 15 : 40 });
    const against = "empty program";
    return [
      ratioRow({ name: "version", against }, { own: version, other: empty, atMost: 1.3 }),
      ratioRow({ name: "--help", against }, { own: help, other: empty, atMost: 1.3 }),
    ];
  },
};

/** The verbs that people and scripts call all day. */
export const fleet: Family = {
  name: "fleet",
  rows: ["status, 10 sessions", "ls, 10 sessions", "flag, 10 sessions"],
  async run(setup) {
    await using arena = new Arena(setup, "fleet");
    await arena.startWorkers(workerIds(10), "exec sleep 100000");
    const { empty, status, ls, flag } = await interleave({
      empty: () => arena.time(setup.empty),
      status: () => arena.timeLooop("status"),
      ls: () => arena.timeLooop("ls"),
      flag: () => arena.timeLooop("flag", "w004", "look here"),
    }, { times: setup.isQuick ? 10 : 40 });
    const against = "empty program";
    const other = empty;
    return [
      ratioRow({
        name: "status, 10 sessions",
        against,
        reason:
          "half of what it needs beyond an empty program is compiling its own code, which each start " +
          "does anew: the binary keeps no code cache where others could write",
      }, { own: status, other, atMost: 2 }),
      ratioRow({ name: "ls, 10 sessions", against }, { own: ls, other, atMost: 2 }),
      ratioRow({ name: "flag, 10 sessions", against }, { own: flag, other, atMost: 2 }),
    ];
  },
};
