import { deepEqual, equal, match, ok } from "node:assert/strict";
import { formatTable } from "./format.ts";
import { describeMachine } from "./machine.ts";
import { limitRow, missingRow, ratioRow, speedRow } from "./row.ts";
import { interleave, sampleOf } from "./samples.ts";

Deno.test("interleave() warms up, takes sides in turn and keeps them apart", async () => {
  const order: string[] = [];
  const take = (name: string, value: number) => () => {
    order.push(name);
    return value;
  };
  const { a, b } = await interleave({ a: take("a", 1), b: take("b", 2) }, { times: 3, warmUp: 1 });
  deepEqual([a.values, b.values], [[1, 1, 1], [2, 2, 2]]);
  equal(order.join(""), "baabbaab");
});

Deno.test("a row is good or short by its ratio, and gives a reason only where it is short", () => {
  const text = { name: "x", against: "y", reason: "because" };
  const [own, other] = [sampleOf([29, 30, 31]), sampleOf([20])];
  const good = ratioRow(text, { own, other, atMost: 1.5 });
  deepEqual([good.value, good.baseline, good.ratio, good.ok], [30, 20, 1.5, true]);
  ok(!("reason" in good));
  equal(ratioRow(text, { own, other, atMost: 1.4 }).reason, "because");
  ok(speedRow(text, { own, other, atLeast: 1.5, unit: "MB/s" }).ok);
  const limit = { value: 3, unit: "ms", target: "at most 2 ms", ok: false };
  equal(limitRow(text, limit).ratio, null);
  const missing = missingRow("z", "no tmux here");
  equal(missing.reason, "not measured: no tmux here");
  match(formatTable({ machine: describeMachine(), rows: [good, missing] }), /z: not measured: no/);
});

Deno.test("the bench measures a row on the real program and prints it as JSON", async () => {
  const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--quiet", "tests/bench/bench.ts"],
      ...["--quick", "--json", "--only", "version"],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  const { machine, rows } = JSON.parse(new TextDecoder().decode(stdout));
  ok(machine.cores > 0);
  const version = rows.find((row: { name: string }) => row.name === "version");
  ok(version.value > 0 && version.baseline > 0 && version.ratio > 0, JSON.stringify(version));
  equal(version.target, "at most 1.3x");
});
