import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Status } from "../../src/pulse/read_status.ts";
import { Foreground } from "../helpers/foreground.ts";
import { Home } from "../helpers/home.ts";
import { waitUntil } from "../helpers/wait_until.ts";

type Env = Readonly<Record<string, string>>;

async function read(home: Home, env: Env = {}): Promise<Status> {
  const { code, stdout, stderr } = await home.looop(["status", "--json"], { env });
  equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** The line about what holds; empty where there is none. */
async function line(home: Home, env: Env = {}): Promise<string> {
  const { stdout } = await home.looop(["status"], { env });
  return /^holds +(.*)$/m.exec(stdout)?.[1] ?? "";
}

function homeOf(decision: unknown): Home {
  const home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("goals/a.md", "goal: a\n");
  home.decideAlways(decision);
  return home;
}

Deno.test("status names the guard that holds, as far as the files tell", async () => {
  using home = homeOf({ action: "noop", reason: "calm" });
  deepEqual([(await read(home)).holds, await line(home)], [null, ""]);

  // Right after a decided beat nobody has looked: what the move changed is not known.
  equal((await home.looop(["tick"])).code, 0);
  deepEqual([(await read(home)).holds, await line(home)], [null, ""]);
  equal((await home.looop(["tick"])).code, 0);
  const { holds } = await read(home);
  equal(holds?.guard, "unchanged");
  ok(Date.parse(holds?.until ?? "") > Date.now() + 3_600_000);
  match(await line(home), /^unchanged: nothing had changed at the last look; decided anew at /);

  // A limit is told before it: that one is sure.
  const rate = { LOOOP_MAX_DECIDES_PER_HOUR: "1" };
  equal((await read(home, rate)).holds?.guard, "rate");
  match(await line(home, rate), /^rate: 1 of 1 LLM calls in the last hour; until .*\d\d:\d\d$/);
  const spent = { kind: "tick", id: "x", runner: "script", cost_usd: 5 };
  home.write("cost.jsonl", JSON.stringify({ ts: new Date().toISOString(), ...spent }) + "\n");
  const budget = { LOOOP_MAX_DAILY_USD: "5" };
  const { guard, reason, until } = (await read(home, budget)).holds!;
  deepEqual([guard, reason], ["budget", "$5.00 of $5.00 spent today"]);
  equal(new Date(until!).toTimeString().slice(0, 8), "00:00:00");
  equal(await line(home, budget), "budget: $5.00 of $5.00 spent today; until midnight");

  home.write("goals/a.md", "goal: b\n");
  home.decideAlways({ action: "run_shell", cmd: "exit 3", reason: "try" });
  equal((await home.looop(["tick"])).code, 1);
  equal((await read(home)).holds?.guard, "backoff");
  match(await line(home), /^backoff: 1 failed beat at this world; until .*\d\d:\d\d:\d\d$/);
});

Deno.test("status and why count the pause that the last move asked for", async () => {
  using home = homeOf({ action: "noop", reason: "calm", next_interval_s: 200 });
  await using looop = new Foreground(home, { env: { LOOOP_INTERVAL: "1" } });
  await looop.untilEvent("acted");
  let at: string | null = null;
  for (const deadline = Date.now() + 20_000; at === null && Date.now() < deadline;) {
    at = (await read(home)).pulse.next_beat_at;
  }
  const leftMs = Date.parse(at ?? "") - Date.now();
  ok(leftMs > 100_000 && leftMs <= 200_000, `${at}`);
  match(await line(home), /^nothing; next beat in [23]m( \d+s)?, at \d\d:\d\d:\d\d$/);
  const why = JSON.parse((await home.looop(["why", "--json"])).stdout);
  equal(why.pulse.next_beat_at, at);
  await looop.stop("SIGINT");
  equal((await read(home)).pulse.next_beat_at, null);
});

Deno.test("status and why tell of a pulse that is stopped, and status of a config that cannot be read", async () => {
  using home = homeOf({ action: "noop", reason: "calm" });
  await using looop = new Foreground(home, { env: { LOOOP_INTERVAL: "1" } });
  await looop.untilEvent("acted");
  // A second look: the first beat after a move is over by then.
  await looop.untilEvent("unchanged");
  const { pulse } = await read(home);
  Deno.kill(pulse.pid!, "SIGSTOP");
  try {
    await waitUntil("the pulse is overdue", async () => {
      const said = await line(home);
      return [/next beat overdue by \d+s: pid \d+ does not beat/.test(said), said];
    });
    match((await home.looop(["why"])).stdout, /looks again overdue by \d+s: pid \d+ does not/);
  } finally {
    Deno.kill(pulse.pid!, "SIGCONT");
  }
  const good = Deno.readTextFileSync(home.configPath);
  Deno.writeTextFileSync(home.configPath, '{ "default": 5,');
  const { code, stdout, stderr } = await home.looop(["status"]);
  equal(code, 0);
  match(stdout, /^pulse +running/);
  match(stderr, /^looop status: config .*:1: not JSON/);
  // A config that has gone is no way to lose a cap: the pulse goes on with what it knew.
  Deno.removeSync(home.configPath);
  await looop.until(
    "the pulse tells that its config is gone",
    (events) => events.some(({ msg }) => /config .* is gone; going on with the s/.test(msg)),
  );
  Deno.writeTextFileSync(home.configPath, good);
});

Deno.test("a config that LOOOP_CONFIG names must be there, once there is a profile", async () => {
  using home = homeOf({ action: "noop", reason: "calm" });
  const env = { LOOOP_CONFIG: `${home.dir}/looop.jsn` };
  for (const verb of ["tick", "run"]) {
    const { code, stderr } = await home.looop([verb], { env });
    equal(code, 1);
    match(stderr, /LOOOP_CONFIG names .*looop\.jsn, which is not there; mend the variable/);
  }
  equal(home.timesAsked, 0);
});

Deno.test("a folder of other things is no profile, an empty one and one that is prepared are", async () => {
  using home = new Home();
  home.write("notes.txt", "mine\n");
  for (const verb of ["status", "why", "asks", "journal", "cost"]) {
    const { code, stdout, stderr } = await home.looop([verb]);
    equal(code, 1, verb);
    equal(stdout, "");
    match(stderr, /: no profile at .*: it holds notes\.txt; set LOOOP_DATA_DIR/);
  }
  home.write("looop.json", "{}");
  equal((await home.looop(["status"])).code, 0);
});
