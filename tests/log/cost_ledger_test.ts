import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { appendJsonLine, shrinkJsonl } from "../../src/base/jsonl_file.ts";
import { findRunCost, recordCost, sumCosts, sumCostsToday } from "../../src/log/cost_ledger.ts";
import { readLines } from "../../src/base/line_reader.ts";
import { runAndKill } from "../helpers/killed_child.ts";

async function withLedger(use: (path: string, dir: string) => void | Promise<void>): Promise<void> {
  const dir = Deno.makeTempDirSync({ prefix: "looop-ledger-" });
  try {
    await use(join(dir, "cost.jsonl"), dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

const tick = (id: string, costUsd: number | null, runner = "claude") => ({
  kind: "tick",
  id,
  runner,
  costUsd,
});

Deno.test("sums are exact, tell no cost from a cost of 0, and count what cannot be read", () =>
  withLedger((path) => {
    const now = new Date(2026, 10, 20, 12);
    for (let n = 0; n < 10; n++) recordCost(path, tick(`t${n}`, 0.1), { now });
    recordCost(path, tick("free", 0), { now });
    recordCost(path, tick("silent", null), { now });
    Deno.writeTextFileSync(path, '{"ts":"yesterday","kind":1}\ngarbage\n{"torn', { append: true });
    recordCost(path, { kind: "session", id: "w", runner: "pi", costUsd: 0.000001 }, { now });
    const { total, byKind, byRunner, byDay, brokenLines } = sumCosts(path);
    deepEqual(total, { microUsd: 1_000_001, runs: 13, unnamedRuns: 1 });
    deepEqual(byKind, [
      { name: "session", microUsd: 1, runs: 1, unnamedRuns: 0 },
      { name: "tick", microUsd: 1_000_000, runs: 12, unnamedRuns: 1 },
    ]);
    deepEqual(byRunner.map(({ name }) => name), ["claude", "pi"]);
    deepEqual(byDay.map(({ name }) => name), ["2026-11-20"]);
    equal(brokenLines, 3);
    deepEqual(sumCostsToday(path, now), { ...total, brokenLines: 0 });
    deepEqual(findRunCost(path, { kind: "tick", id: "silent" })?.unnamedRuns, 1);
    deepEqual(findRunCost(path, { kind: "tick", id: "free" }), {
      microUsd: 0,
      runs: 1,
      unnamedRuns: 0,
    });
    equal(findRunCost(path, { kind: "tick", id: "unknown" }), undefined);
    equal(sumCosts("/nowhere/cost.jsonl").total.runs, 0);
  }));

Deno.test("each line has the documented shape", () =>
  withLedger((path) => {
    recordCost(path, tick("a", 0.0125), { now: new Date(Date.UTC(2026, 10, 20, 22, 56, 52, 318)) });
    equal(
      Deno.readTextFileSync(path),
      '{"ts":"2026-11-20T22:56:52.318Z","kind":"tick","id":"a","runner":"claude","cost_usd":0.0125}\n',
    );
    equal(Deno.statSync(path).mode! & 0o777, 0o600);
  }));

Deno.test("no total by day, kind or runner changes when the ledger is summed up, again and again", () =>
  withLedger((path) => {
    const random = (below: number) => Math.floor(Math.random() * below);
    for (let n = 0; n < 600; n++) {
      recordCost(path, {
        kind: ["tick", "session"][random(2)]!,
        id: `r${n}`,
        runner: ["claude", "pi", "a*"][random(3)]!,
        costUsd: random(8) === 0 ? null : Math.random() * 3,
      }, { now: new Date(2026, 9, 20 + random(20), random(24)), limitBytes: 1e9 });
      if (n % 97 === 0) appendJsonLine(path, { broken: n });
    }
    const before = sumCosts(path);
    const size = Deno.statSync(path).size;
    for (let n = 0; n < 60; n++) {
      recordCost(path, tick("free", 0), { now: new Date(2026, 9, 20), limitBytes: 20_000 });
    }
    const after = sumCosts(path);
    ok(Deno.statSync(path).size < size - 8000, `${size} -> ${Deno.statSync(path).size}`);
    equal(after.brokenLines, before.brokenLines);
    equal(after.total.microUsd, before.total.microUsd);
    equal(after.total.runs, before.total.runs + 60);
    equal(after.total.unnamedRuns, before.total.unnamedRuns);
    for (const group of ["byDay", "byKind", "byRunner"] as const) {
      deepEqual(
        after[group].map(({ name, microUsd, unnamedRuns }) => [name, microUsd, unnamedRuns]),
        before[group].map(({ name, microUsd, unnamedRuns }) => [name, microUsd, unnamedRuns]),
      );
    }
  }));

Deno.test("kill -9 at any point of recording and summing up loses no cent and counts none twice", () =>
  withLedger(async (path, dir) => {
    const module = new URL("./crashing_appender.ts", import.meta.url).pathname;
    let first = 0;
    for (let round = 0; round < 8; round++) {
      const when = { lines: 30, extraMs: Math.random() * 5 };
      const said = await runAndKill(module, ["ledger", dir, "n", String(first)], when);
      const acknowledged = Number(said.at(-1));
      const { total, brokenLines } = sumCosts(path);
      equal(brokenLines, 0);
      const last = total.runs - 1;
      ok(last === acknowledged || last === acknowledged + 1, `${last} after ${acknowledged}`);
      let microUsd = 0;
      for (let n = 0; n <= last; n++) microUsd += 1 + n % 5;
      equal(total.microUsd, microUsd);
      first = last + 1;
    }
    ok(Deno.statSync(path).size < 12_000);
  }));

Deno.test("today is the local day, also in zones and on days that the clock makes shorter or longer", async () => {
  const module = new URL("../../src/log/cost_ledger.ts", import.meta.url).href;
  const script = `
    import { recordCost, sumCosts, sumCostsToday } from ${JSON.stringify(module)};
    const path = Deno.args[0];
    for (const ts of Deno.args.slice(1)) {
      recordCost(path, { kind: "tick", id: ts, runner: "pi", costUsd: 1 }, { now: new Date(ts) });
    }
    const now = new Date(Deno.args.at(-1));
    console.log(sumCosts(path).byDay.map(({ name, runs }) => name + "=" + runs).join(" "),
      sumCostsToday(path, now).runs);`;
  const run = async (zone: string, ...times: string[]) => {
    const dir = Deno.makeTempDirSync();
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--config",
        new URL("../../deno.json", import.meta.url).pathname,
        "data:text/javascript," + encodeURIComponent(script),
        join(dir, "cost.jsonl"),
        ...times,
      ],
      env: { TZ: zone },
    }).output();
    Deno.removeSync(dir, { recursive: true });
    return new TextDecoder().decode(stdout).trim() || new TextDecoder().decode(stderr);
  };
  equal(
    await run("Asia/Tokyo", "2026-11-20T14:59:59Z", "2026-11-20T15:00:00Z", "2026-11-21T14:59:59Z"),
    "2026-11-20=1 2026-11-21=2 2",
  );
  // The day has 25 hours: 04:00Z to 05:00Z of the day after.
  equal(
    await run(
      "America/New_York",
      "2026-11-01T03:59:59Z",
      "2026-11-01T04:00:00Z",
      "2026-11-02T04:59:59Z",
    ),
    "2026-10-31=1 2026-11-01=2 2",
  );
});

Deno.test("today's sum of a ledger far over its limit reads the newer lines only", () =>
  withLedger((path) => {
    const now = new Date(2026, 10, 20, 12);
    recordCost(path, tick("old", 1), { now: new Date(2026, 0, 1) });
    const old = [...readLines(path)][0]! + "\n";
    Deno.writeTextFileSync(path, old.repeat(100_000));
    recordCost(path, tick("new", 2), { now, limitBytes: 1e9 });
    const start = performance.now();
    const sum = { microUsd: 2_000_000, runs: 1, unnamedRuns: 0, brokenLines: 0 };
    deepEqual(sumCostsToday(path, now), sum);
    const today = performance.now() - start;
    equal(sumCosts(path).total.runs, 100_001);
    ok(performance.now() - start > 5 * today);
    shrinkJsonl(path, { limitBytes: 1e9 });
    equal(sumCosts(path).total.runs, 100_001);
  }));
