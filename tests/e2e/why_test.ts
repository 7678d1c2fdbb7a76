import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { LastAccount } from "../../src/pulse/explain_last.ts";
import type { WaitAccount } from "../../src/pulse/explain_wait.ts";
import { Home } from "../helpers/home.ts";

async function wait(home: Home, env: Readonly<Record<string, string>> = {}): Promise<WaitAccount> {
  const ran = await home.looop(["why", "--json"], { env });
  equal(ran.code, 0, ran.stderr);
  equal(ran.stderr, "");
  return JSON.parse(ran.stdout);
}

/** Does what `why` says, as a person would type it; `looop` is this checkout's. */
function apply(account: WaitAccount, env: Record<string, string>): void {
  for (const step of account.wake) {
    if (step.kind === "edit") {
      const { code } = new Deno.Command("sh", { args: ["-c", step.command!], cwd: "/" })
        .outputSync();
      equal(code, 0, step.command!);
    } else if (step.kind === "raise") {
      if (step.command !== null) {
        if (step.value === null) delete env[step.env];
        else env[step.env] = String(step.value);
        continue;
      }
      const config = JSON.parse(Deno.readTextFileSync(step.config_path));
      config[step.config_key] = step.value;
      Deno.writeTextFileSync(step.config_path, JSON.stringify(config));
    }
  }
}

const CALM = { action: "noop", reason: "all is well" };

/** A tick that runs now would not ask the LLM; after the printed change it does. */
async function flips(home: Home, holding: string, env: Record<string, string> = {}) {
  const before = home.timesAsked;
  const account = await wait(home, env);
  deepEqual([account.would_move, account.holding], [false, holding]);
  ok(account.wake.length > 0);
  await home.looop(["tick"], { env });
  equal(home.timesAsked, before, "the tick asked, although a guard held");
  const human = await home.looop(["why"], { env });
  match(human.stdout, new RegExp(`^held     ${holding}: `, "m"));
  match(human.stdout, /^wake {5}\S/m);
  ok(human.stdout.split("\n").length < 20, human.stdout);
  apply(account, env);
  const after = await wait(home, env);
  deepEqual([after.would_move, after.holding], [true, "pulse"], JSON.stringify(after));
  const ticked = await home.looop(["tick"], { env });
  equal(home.timesAsked, before + 1, ticked.stdout + ticked.stderr);
  return account;
}

Deno.test("why names for each guard a change that really makes the next tick decide", async () => {
  using home = new Home("data dir's");
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("goals/ship.md", "goal: ship it\n");
  home.decideAlways(CALM);
  const fresh = await home.looop(["why"]);
  equal(fresh.code, 0, fresh.stderr);
  match(fresh.stdout, /^moves .*no beat was decided yet/m);
  equal(home.read(".last-tick-hash"), undefined);
  equal((await home.looop(["tick"])).code, 0);

  // Unchanged: after a noop also by waiting.
  const calm = await flips(home, "unchanged");
  match(calm.next_decision_at!, /Z$/);
  equal(calm.or, "looop tick --force");

  // Backoff.
  home.decideAlways({ action: "run_shell", cmd: "exit 3", reason: "try" });
  home.write("goals/ship.md", "goal: ship it soon\n");
  equal((await home.looop(["tick"])).code, 1);
  home.decideAlways(CALM);
  await flips(home, "backoff");

  // Budget, from the config and from the environment; the goal has to be edited as well.
  const today = new Date().toISOString();
  const spend = (cost_usd: number | null) =>
    Deno.writeTextFileSync(
      `${home.dataDir}/cost.jsonl`,
      JSON.stringify({ ts: today, kind: "tick", id: "x", runner: "script", cost_usd }) + "\n",
    );
  spend(1.25);
  home.decideAlways(CALM, { max_daily_usd: 1 });
  home.write("goals/ship.md", "goal: ship it now\n");
  match(
    (await home.looop(["why"])).stdout,
    /^next {5}.*at midnight; a change does not lift the budget$/m,
  );
  const capped = await flips(home, "budget");
  deepEqual(capped.wake.map((step) => step.kind === "raise" && step.value), [1.26]);
  spend(2);
  home.decideAlways(CALM);
  home.write("goals/ship.md", "goal: ship it later\n");
  await flips(home, "budget", { LOOOP_MAX_DAILY_USD: "1.5" });
  spend(null);
  home.decideAlways(CALM, { max_daily_usd: 100 });
  home.write("goals/ship.md", "goal: ship it never\n");
  const unmetered = await flips(home, "budget");
  deepEqual(unmetered.wake.map((step) => step.kind === "raise" && step.value), [null]);

  // Rate; and two guards at once.
  home.decideAlways(CALM, { max_decides_per_hour: 1 });
  home.write("goals/ship.md", "goal: ship it again\n");
  await flips(home, "rate");
  const twice = await home.looop(["why"], { env: { LOOOP_MAX_DECIDES_PER_HOUR: "2" } });
  match(
    twice.stdout,
    /^next .*, sooner if something changes, though not before .*\d\d: .* rate$/m,
  );
  const both = await flips(home, "unchanged", { LOOOP_MAX_DECIDES_PER_HOUR: "2" });
  deepEqual(both.wake.map(({ kind }) => kind), ["edit", "raise"]);
});

Deno.test("why says that a move waits for an answer, and the answer makes the next tick act", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.decideAlways({ action: "run_shell", cmd: "git push origin main", reason: "publish" });
  equal((await home.looop(["tick"])).code, 0);
  const account = await wait(home);
  deepEqual([account.would_move, account.holding], [false, "answer"]);
  match(account.reason, /git push origin main/);
  equal((await home.looop(["tick"])).code, 0);
  equal(home.timesAsked, 1);
  const [, verb, id, word] = account.wake[0]!.command!.split(" ");
  equal((await home.looop([verb!, id!, word === "yes" ? "no" : "?"])).code, 0);
  const after = await wait(home);
  deepEqual([after.would_move, after.wake], [true, []]);
  match((await home.looop(["why"])).stdout, /is acted on/);
  equal((await home.looop(["tick"])).code, 0);
  match(home.journal.at(-1)!, /^no: git push origin main/);
  equal((await wait(home)).holding, "unchanged");
});

Deno.test("why names the pid that holds the profile, and a tick decides once it has gone", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.decideAlways(CALM);
  const slow = `echo ready > ${home.dir}/ready; exec sleep 60`;
  home.configure(slow);
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", main, "tick"],
    env: home.env(),
    clearEnv: true,
    stdout: "null",
    stderr: "null",
  }).spawn();
  const deadline = performance.now() + 30_000;
  while (home.read("../ready") === undefined) {
    ok(performance.now() < deadline, "the runner never started");
    await new Promise((wake) => setTimeout(wake, 50));
  }
  const account = await wait(home);
  deepEqual([account.would_move, account.holding], [false, "lock"]);
  equal(account.wake[0]!.command, `kill -INT ${child.pid}`);
  const refused = await home.looop(["tick"]);
  equal(refused.code, 1);
  match(refused.stderr, new RegExp(`pid ${child.pid}`));
  Deno.kill(child.pid, "SIGINT");
  await child.status;
  home.decideAlways(CALM);
  equal((await home.looop(["tick", "--force"])).code, 0);
  equal(home.timesAsked, 1);
});

Deno.test("why --last tells what woke the beat, with pointer, old and new value, its move and its cost", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("sensors/inbox.sh", `cat ${home.dir}/inbox.json`);
  home.write("../inbox.json", '{"signal":{"mail/new":[1],"who":"ann"}}');
  match((await home.looop(["why", "--last"])).stderr, /no beat was decided yet/);
  const stream = new URL("../fixtures/agent-streams/claude-ok.jsonl", import.meta.url).pathname;
  home.configure(
    `cat > /dev/null; printf '{"action":"noop","reason":"calm"}' > "$LOOOP_DECISION_FILE"; ` +
      `cat '${stream}' | "$LOOOP_BIN" _fmt claude`,
  );
  equal((await home.looop(["tick"])).code, 0);
  home.write("../inbox.json", '{"signal":{"mail/new":[1,2],"who":"\\u001b[31mbob"}}');
  // Sensors are not run for it: until a beat has looked, why does not know.
  equal((await wait(home)).holding, "unchanged");
  const ticked = await home.looop(["tick"]);
  equal(ticked.code, 0, ticked.stdout + ticked.stderr);
  const last: LastAccount = JSON.parse((await home.looop(["why", "--last", "--json"])).stdout);
  deepEqual(last.woke, {
    reason: "the world has changed",
    changes: [
      { where: "sensor inbox", kind: "added", pointer: "/mail~1new/1", new: 2 },
      { where: "sensor inbox", kind: "changed", pointer: "/who", old: "ann", new: "\x1b[31mbob" },
    ],
    more: 0,
  });
  deepEqual([last.action, last.outcome, last.cost_usd, last.failures_since], [
    "noop",
    "acted",
    0.0125,
    null,
  ]);
  const { stdout } = await home.looop(["why", "--last"]);
  match(stdout, /^ {9}sensor inbox \/who: "ann" -> "\\u001b\[31mbob"$/m);
  match(stdout, /^cost {5}\$0\.0125$/m);

  equal((await home.looop(["tick", "--force"])).code, 0);
  match((await home.looop(["why", "--last"])).stdout, /^woke {5}forced, although unchanged held/m);
  home.configure("false");
  await home.looop(["tick", "--force"]);
  match((await home.looop(["why", "--last"])).stdout, /^since {4}1 failed: /m);
});
