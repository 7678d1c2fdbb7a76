/**
 * How fast output gets from a program's terminal into the log, and from the log onto the screen.
 *
 * @module
 */
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { limitRow, speedRow } from "../row.ts";
import { interleave, sampleOf, waitUntil } from "../samples.ts";

const OUTPUT_ROW = "PTY output into the log";
const SCREEN_ROW = "screen catching up from the log";
const SCREEN_MB_PER_S = 40;
const MB = 1_000_000;

/** Makes a file of lines, a part of each coloured. @returns Bytes as a terminal gets them. */
export function writeLines(path: string, bytes: number, end = "\n"): number {
  const line = (n: number) =>
    `\x1b[32m${
      String(n).padStart(8)
    }\x1b[0m the quick brown fox jumps over the lazy dog 0123456789${end}`;
  const block = Array.from({ length: 10_000 }, (_, n) => line(n)).join("");
  const blocks = Math.max(1, Math.round(bytes / block.length));
  using file = Deno.openSync(path, { create: true, write: true, truncate: true });
  for (let i = 0; i < blocks; i++) {
    const encoded = new TextEncoder().encode(block);
    for (let at = 0; at < encoded.length;) at += file.writeSync(encoded.subarray(at));
  }
  // The terminal makes CR LF of each LF.
  return (block.length + 10_000) * blocks;
}

export const output: Family = {
  name: "output",
  rows: [OUTPUT_ROW, SCREEN_ROW],
  async run(setup) {
    await using arena = new Arena(setup, "output", {
      env: { LOOOP_SESSION_LOG_MAX: "1000000000" },
    });
    const lines = `${arena.dir}/lines`;
    const size = writeLines(lines, (setup.isQuick ? 20 : 80) * MB);
    const recorded = `${arena.dir}/recorded`;
    writeLines(recorded, size, "\r\n");
    const flood = `date +%s%N > ${arena.dir}/start; cat ${lines}`;
    const startedMs = () => Number(Deno.readTextFileSync(`${arena.dir}/start`)) / 1e6;
    const wait = { everyMs: 2, limitMs: 120_000 };
    let count = 0;
    const looopSpeed = async () => {
      const id = `o${++count}`;
      await arena.startWorkers([id], flood);
      const log = `sessions/${id}/output.log`;
      const endMs = waitUntil("the whole log", () => arena.sizeOf(log) >= size, wait);
      if (arena.sizeOf(log) !== size) throw new Error("the log is longer than the output");
      arena.looopSync("wait", id);
      if (count > 1) arena.looopSync("prune");
      return size / MB / (endMs - startedMs()) * 1000;
    };
    const scriptSpeed = async () => {
      const typescript = `${arena.dir}/typescript`;
      const child = arena.spawn(["script", "-qfc", flood, typescript]);
      const sizeNow = () => arena.sizeOf("../typescript");
      const endMs = waitUntil("the whole typescript", () => sizeNow() >= size, wait);
      await child.status;
      Deno.removeSync(typescript);
      return size / MB / (endMs - startedMs()) * 1000;
    };
    const { own, other } = await interleave({ own: looopSpeed, other: scriptSpeed }, {
      times: setup.isQuick ? 2 : 5,
      warmUp: 1,
    });
    return [
      speedRow({
        name: OUTPUT_ROW,
        against: "script -qf",
        note: `${Math.round(size / MB)} MB of lines with a colour in each`,
      }, { own, other, atLeast: 0.8, unit: "MB/s" }),
      await catchUp(arena, await setup.program("screen"), { recorded, times: own.values.length }),
    ];
  },
};

async function catchUp(
  arena: Arena,
  [program = "", ...args]: readonly string[],
  { recorded, times }: { readonly recorded: string; readonly times: number },
) {
  const values: number[] = [];
  for (let i = 0; i < times; i++) {
    const { stdout, success } = await new Deno.Command(program, {
      args: [...args, recorded],
      env: arena.env,
      clearEnv: true,
      stderr: "inherit",
    }).output();
    if (!success) throw new Error("the program that shows a log failed");
    values.push(Number(new TextDecoder().decode(stdout)));
  }
  const sample = sampleOf(values);
  return limitRow({ name: SCREEN_ROW, against: "" }, {
    value: sample.median,
    unit: "MB/s",
    target: `at least ${SCREEN_MB_PER_S} MB/s`,
    ok: sample.median >= SCREEN_MB_PER_S,
    sample,
  });
}
