import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Foreground } from "../helpers/foreground.ts";
import { Home } from "../helpers/home.ts";
import { isRunning } from "../helpers/processes.ts";

const NEVER = { LOOOP_INTERVAL: "1h", LOOOP_BUSY_INTERVAL: "1h", LOOOP_ACTIVE_INTERVAL: "1h" };

/** A home whose LLM always says noop and whose workers are shells. */
function calmHome(): Home {
  const home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.decideAlways({ action: "noop", reason: "calm" });
  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.interactive = "exec bash --norc --noprofile";
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
  return home;
}

async function status(home: Home) {
  return JSON.parse((await home.looop(["status", "--json"])).stdout);
}

Deno.test("looop --json is clean NDJSON, wakes at once on an edit, folds a burst and never wakes itself", async () => {
  using home = calmHome();
  await using looop = new Foreground(home, { env: NEVER });
  await looop.untilEvent("acted");
  equal((await status(home)).pulse.running, true);
  // With an interval of an hour only the edit can wake it.
  for (let n = 0; n < 20; n++) home.write("goals/a.md", `goal: ${n}\n`);
  home.write("goals/b.md", "goal: b\n");
  home.write("PLAYBOOK.md", "# Changed\n");
  await looop.untilEvent("acted", 2);
  match(home.prompt, /goals\/a\.md added[\s\S]*goals\/b\.md added/);
  home.write("goals/c.md", "goal: c\n");
  await looop.untilEvent("acted", 3);
  equal(home.timesAsked, 3);

  // A move that writes a goal is followed by one more beat at the busy interval, not at once.
  home.decideAlways({ action: "write_goal", id: "mine", body: "goal: mine" });
  home.write("goals/c.md", "goal: c2\n");
  await looop.untilEvent("acted", 4);
  home.write("goals/c.md", "goal: c3\n");
  await looop.untilEvent("acted", 5);
  equal(home.timesAsked, 5);
  equal(await looop.stop("SIGINT"), 130);
  deepEqual(looop.strayLines, []);
  ok(looop.events.every(({ ts, level, event, msg }) => ts && level && event && msg));
  equal(looop.events.at(-1)!.event, "stopped");
  const stored = home.read("events.jsonl")!.trim().split("\n").map((line) => JSON.parse(line));
  deepEqual(stored, looop.events);
});

Deno.test("TERM and HUP end pulse and workers; a restart of the loop is no change", async () => {
  using home = calmHome();
  for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    await using looop = new Foreground(home, { env: NEVER });
    await looop.untilEvent("pulse_start");
    if (signal === "SIGTERM") {
      await looop.untilEvent("acted");
      equal((await home.looop(["start-session", "w1", "do"])).code, 0);
      // The worker's appearance is a change.
      await looop.untilEvent("acted", 2);
      home.write("goals/seen.md", "goal: seen\n");
      await looop.untilEvent("acted", 3);
    } else await looop.untilEvent("unchanged");
    const { pulse } = await status(home);
    equal(await looop.stop(signal), code);
    equal(isRunning(pulse.pid), false);
    const after = await status(home);
    equal(after.pulse.running, false);
    ok(after.workers.every((worker: { alive: boolean }) => !worker.alive));
  }
  // The worker's end by the teardown, and the second start, led to no LLM call.
  equal(home.timesAsked, 3);
});

Deno.test("a second looop follows only; when the first was killed the next becomes the owner of the pulse", async () => {
  using home = calmHome();
  const first = new Foreground(home, { env: NEVER });
  await first.untilEvent("acted");
  {
    await using second = new Foreground(home, { env: NEVER });
    match((await second.untilEvent("following")).msg, new RegExp(`pid ${first.child.pid}`));
    home.write("goals/a.md", "goal: a\n");
    await second.untilEvent("acted");
    equal(await second.stop("SIGINT"), 130);
  }
  const { pulse } = await status(home);
  equal(pulse.running, true);
  equal(await first.stop("SIGKILL"), 137);
  equal((await status(home)).pulse.pid, pulse.pid);
  await using third = new Foreground(home, { env: NEVER });
  await third.untilEvent("pulse_adopted");
  home.write("goals/a.md", "goal: a2\n");
  await third.untilEvent("acted");
  equal((await status(home)).pulse.pid, pulse.pid);
  equal(await third.stop("SIGINT"), 130);
  equal((await status(home)).pulse.running, false);
});

Deno.test("a worker's end, a flag and an answer wake the pulse, and each is told", async () => {
  using home = calmHome();
  await using looop = new Foreground(home, { env: NEVER });
  await looop.untilEvent("acted");
  equal((await home.looop(["start-session", "w1", "do"])).code, 0);
  match((await looop.untilEvent("worker_started")).msg, /w1/);
  equal((await home.looop(["flag", "w1", "which \x1b[31mbranch?"])).code, 0);
  const raised = await looop.untilEvent("flag_raised");
  match(raised.msg, /^w1 waits for you: which branch\? \(looop attach w1\)/);
  await looop.until("a beat that knows the flag", () => /"flag": "which/.test(home.prompt));
  equal((await status(home)).workers[0].flagged, true);
  equal((await home.looop(["unflag", "w1"])).code, 0);
  await looop.untilEvent("flag_cleared");
  // A question that the worker asks is told at once; its answer reaches the worker.
  const bin = home.read(".bin/looop") === undefined ? "" : `${home.dataDir}/.bin/looop`;
  const ask = `${bin} ask w1 --prompt "go on?" > ${home.dir}/said; exit 7`;
  equal((await home.looop(["send", "w1", ask])).code, 0);
  const asked = await looop.untilEvent("asked");
  equal((await home.looop(["answer", String(asked["question"]), "sure"])).code, 0);
  const ended = await looop.untilEvent("worker_ended");
  equal(ended["exit_code"], 7);
  equal(home.read("../said"), "sure\n");
  await looop.until("a beat that knows the end", () => /"exit_code": 7/.test(home.prompt));
  equal(await looop.stop("SIGINT"), 130);
});

Deno.test("a config that breaks while the pulse runs is told, and the last good one goes on", async () => {
  using home = calmHome();
  await using looop = new Foreground(home, { env: NEVER });
  await looop.untilEvent("acted");
  const good = Deno.readTextFileSync(home.configPath);
  Deno.writeTextFileSync(home.configPath, '{"interval": 0}');
  home.write("goals/a.md", "goal: a\n");
  const rejected = await looop.untilEvent("config_rejected");
  match(rejected.msg, /looop\.json:1: interval = 0: .*going on with the settings of before/);
  await looop.untilEvent("acted", 2);
  Deno.writeTextFileSync(home.configPath, good);
  home.write("goals/a.md", "goal: a2\n");
  await looop.untilEvent("acted", 3);
  equal(looop.count("config_rejected"), 1);
  equal(await looop.stop("SIGINT"), 130);
});

Deno.test("a wrong config stops the start, and a missing agent is named with what to install", async () => {
  using home = calmHome();
  Deno.writeTextFileSync(home.configPath, '{\n "interval": "soon"}');
  const wrong = await home.looop([]);
  equal(wrong.code, 1);
  match(wrong.stderr, /looop\.json:2: interval = "soon": write a duration/);
  Deno.writeTextFileSync(home.configPath, '{"default":"claude"}');
  const missing = await home.looop([], { env: { PATH: "/usr/bin:/bin" } });
  equal(missing.code, 1);
  match(missing.stderr, /"claude" .* is not installed; install it \(npm .*`looop demo` needs none/);
  const limit = await home.looop([], { env: { LOOOP_MAX_WORKERS: "many" } });
  equal(limit.code, 1);
  match(limit.stderr, /LOOOP_MAX_WORKERS="many" is wrong/);
});

Deno.test("looop goes on when whoever reads it leaves, and nohup keeps it from HUP", async () => {
  using home = calmHome();
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const child = new Deno.Command("nohup", {
    args: [Deno.execPath(), "run", "-A", "--no-check", main],
    env: home.env(NEVER),
    clearEnv: true,
    cwd: home.dir,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  child.kill("SIGHUP");
  home.write("goals/a.md", "goal: a\n");
  const deadline = performance.now() + 30_000;
  while (home.timesAsked < 1 || !home.prompt.includes("goal: a")) {
    ok(performance.now() < deadline, home.read("events.jsonl"));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGTERM");
  equal((await child.status).code, 143);
  equal((await status(home)).pulse.running, false);
});

Deno.test("when the pulse ends by itself its workers are ended and the foreground says so", async () => {
  using home = calmHome();
  await using looop = new Foreground(home, { env: NEVER });
  await looop.untilEvent("acted");
  equal((await home.looop(["start-session", "w1", "do"])).code, 0);
  await looop.untilEvent("worker_started");
  Deno.kill((await status(home)).pulse.pid, "SIGKILL");
  await looop.untilEvent("pulse_ended");
  match((await looop.untilEvent("stopped")).msg, /ended w1/);
  ok((await looop.child.status).code !== 0);
});

Deno.test("looop tells people what repeats once, while events.jsonl and --json keep every beat", async () => {
  using home = calmHome();
  home.write("sensors/broken.sh", "exit 3");
  const env = { LOOOP_INTERVAL: "1" };
  await using programs = new Foreground(home, { env });
  await programs.untilEvent("unchanged");
  await using people = new Foreground(home, { args: [], env });
  await programs.untilEvent("following");
  const before = programs.count("unchanged");
  await programs.untilEvent("unchanged", before + 4);
  const times = (text: string, what: RegExp) => text.match(what)?.length ?? 0;
  const told = people.strayLines.join("\n");
  equal(times(told, /nothing has changed/g), 1, told);
  equal(times(told, /✗ .*broken/g), 1, told);
  ok(programs.count("sensor_failed") > programs.count("unchanged"));
  const kept = times(home.read("events.jsonl") ?? "", /"event":"unchanged"/g);
  ok(kept >= programs.count("unchanged"));
});
