import { equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { tryLock } from "../../src/base/file_lock.ts";
import { beat, type BeatResult } from "../../src/pulse/beat.ts";
import { openBeat } from "../../src/pulse/open_beat.ts";
import { Home } from "../helpers/home.ts";

/** Writes a decision and, like `_fmt`, what it cost. */
const METERED =
  `cat > "$LOOOP_DATA_DIR/../prompt.txt"; echo asked >> "$LOOOP_DATA_DIR/../asked.txt";
printf '{"ts":"2026-11-21T12:00:00.000Z","kind":"tick","id":"%s","runner":"script","cost_usd":0.01}\\n' \\
  "$LOOOP_RUN_ID" >> "$LOOOP_COST_LEDGER"
echo '{"action":"noop","reason":"calm"}' > .decision.json`;

/** A home whose clock and world the test turns. */
class Clockwork extends Home {
  nowMs = new Date(2026, 10, 21, 12).getTime();

  constructor(tick: string, more: Readonly<Record<string, unknown>> = {}) {
    super();
    this.write("PLAYBOOK.md", "# Playbook\n");
    this.write("sensors/n.sh", 'cat "$LOOOP_DATA_DIR/../world"\n');
    this.write("sensors/still.sh", "echo 1\n");
    this.configure(tick, more);
  }

  async beat(world: string, env: Readonly<Record<string, string>> = {}): Promise<BeatResult> {
    this.write("../world", JSON.stringify(world));
    const variables: Record<string, string> = this.env(env);
    const context = openBeat((name) => variables[name] || undefined, {
      onEvent: () => {},
      now: () => new Date(this.nowMs),
    });
    using lock = tryLock(context.profile.paths.lock);
    ok(lock);
    return await beat(context);
  }
}

function holds(result: BeatResult, guard: string, why: RegExp): void {
  equal(result.outcome, "held", JSON.stringify(result));
  if (result.outcome !== "held") return;
  equal(result.guard, guard);
  match(result.reason, why);
}

Deno.test("the daily cap stops the LLM when today's sum cannot be known", async (test) => {
  const cap = { max_daily_usd: 1 };
  await test.step("a ledger that cannot be read", async () => {
    using home = new Clockwork(METERED, cap);
    Deno.mkdirSync(join(home.dataDir, "cost.jsonl"), { recursive: true });
    await rejects(home.beat("a"), /cost\.jsonl is a folder, not a file/);
    equal(home.timesAsked, 0);
  });
  await test.step("a ledger with a torn line among today's", async () => {
    using home = new Clockwork(METERED, cap);
    home.nowMs = Date.now();
    home.write("cost.jsonl", '{"ts":"20');
    holds(await home.beat("a"), "budget", /1 of today's lines/);
    equal(home.timesAsked, 0);
  });
  await test.step("a ledger that vanished after a call of today", async () => {
    using home = new Clockwork(METERED, cap);
    equal((await home.beat("a")).outcome, "acted");
    Deno.removeSync(join(home.dataDir, "cost.jsonl"));
    holds(await home.beat("b"), "budget", /does not know of the LLM calls of today/);
    home.nowMs += 86_400_000;
    equal((await home.beat("c")).outcome, "acted", "the next day begins anew");
  });
  await test.step("a ledger that was cut at the end of a line", async () => {
    using home = new Clockwork(METERED, cap);
    for (const world of ["a", "b"]) equal((await home.beat(world)).outcome, "acted");
    const [first] = home.read("cost.jsonl")!.split("\n");
    home.write("cost.jsonl", `${first}\n`);
    holds(await home.beat("c"), "budget", /names less for today than it did/);
  });
  await test.step("a runner that nobody meters", async () => {
    using home = new Clockwork("cat; echo asked >> $LOOOP_DATA_DIR/../asked.txt", cap);
    equal((await home.beat("a")).outcome, "failed");
    holds(await home.beat("b"), "budget", /named no cost/);
    equal(home.timesAsked, 1);
  });
  await test.step("a metered run that its timeout ended", async () => {
    using home = new Clockwork(`${METERED}; sleep 300`, cap);
    const ended = await home.beat("a", { LOOOP_TICK_TIMEOUT: "2" });
    equal(ended.outcome, "failed");
    holds(await home.beat("b"), "budget", /named no cost/);
    equal(home.timesAsked, 1);
  });
  await test.step("a cap that is reached", async () => {
    using home = new Clockwork(METERED, { max_daily_usd: 0.02 });
    for (const world of ["a", "b"]) equal((await home.beat(world)).outcome, "acted");
    holds(await home.beat("c"), "budget", /\$0\.02 of \$0\.02 spent today/);
  });
});

Deno.test("without a cap a broken ledger stops nothing", async () => {
  using home = new Clockwork(METERED);
  home.nowMs = Date.now();
  home.write("cost.jsonl", '{"ts":"20\n');
  equal((await home.beat("a")).outcome, "acted");
});

Deno.test("decides per hour hold in a rolling hour, also over a damaged count", async () => {
  using home = new Clockwork(METERED);
  const limit = { LOOOP_MAX_DECIDES_PER_HOUR: "3" };
  for (const world of ["a", "b", "c"]) {
    equal((await home.beat(world, limit)).outcome, "acted");
    home.nowMs += 60_000;
  }
  holds(await home.beat("d", limit), "rate", /3 of 3/);
  home.nowMs += 57 * 60_000 + 1;
  equal((await home.beat("d", limit)).outcome, "acted");
  home.write(".decides", "[17");
  home.nowMs = Date.now();
  holds(await home.beat("e", limit), "rate", /\.decides cannot be read, and counts as full/);
  home.nowMs += 3_600_001;
  equal((await home.beat("e", limit)).outcome, "acted");
});

Deno.test("a signal that changes on five decided beats in a row is marked as flapping, and no other", async () => {
  using home = new Clockwork(METERED);
  const isMarked = () => /flapping/i.test(home.prompt.split("## READINGS")[1] ?? home.prompt);
  const marks: boolean[] = [];
  for (const world of ["0", "1", "2", "3", "4", "5"]) {
    equal((await home.beat(world)).outcome, "acted");
    marks.push(isMarked());
  }
  equal(JSON.stringify(marks), JSON.stringify([false, false, false, false, false, true]));
  // Another change wakes; this one is still: the row is over.
  home.write("goals/g.md", "goal: g\n");
  equal((await home.beat("5")).outcome, "acted");
  equal(isMarked(), false);
  equal((await home.beat("6")).outcome, "acted");
  equal(isMarked(), false);
});

Deno.test("the failure of one run counts once, and backoff doubles with each further one", async () => {
  using home = new Clockwork("cat > /dev/null; exit 1");
  const failures = () => JSON.parse(home.read(".tick-backoff") ?? "{}").failures;
  for (const [index, waitMs] of [60_000, 120_000, 240_000, 300_000, 300_000].entries()) {
    equal((await home.beat("a")).outcome, "failed");
    equal(failures(), index + 1);
    home.nowMs += waitMs - 1;
    holds(await home.beat("a"), "backoff", /at this world/);
    home.nowMs += 1;
  }
  equal((await home.beat("b")).outcome, "failed", "a new world is decided at once");
  equal(failures(), 1);
});

Deno.test("start_worker beyond the worker cap is refused", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  const start = (id: string) => ({ action: "start_worker", id, prompt: "p" });
  const tick = (id: string) =>
    `cat > /dev/null; echo '${JSON.stringify(start(id))}' > .decision.json`;
  const runners = { script: { tick: tick("one"), interactive: "sleep 300" } };
  home.configure("", { runners });
  const env = { LOOOP_MAX_WORKERS: "1" };
  try {
    const first = await home.looop(["tick"], { env });
    equal(first.code, 0, first.stdout + first.stderr);
    home.configure("", { runners: { script: { ...runners.script, tick: tick("two") } } });
    const second = await home.looop(["tick"], { env });
    equal(second.code, 1);
    match(home.journal.at(-1) ?? "", /refused: .*1 workers live already, the limit is 1/);
  } finally {
    await home.looop(["kill", "one"]);
  }
});
