import { deepEqual, equal, match } from "node:assert/strict";
import { Foreground } from "../helpers/foreground.ts";
import { Home, run } from "../helpers/home.ts";
import { isRunning } from "../helpers/processes.ts";

const GIT = ["-c", "user.name=t", "-c", "user.email=t@localhost"] as const;

/** A profile whose sensor watches a real git repository and a real folder. */
function homeWithRepository(): Home {
  const home = new Home();
  const repository = `${home.dir}/repo`;
  Deno.mkdirSync(repository);
  run(repository, "git", "init", "-q", "-b", "main");
  Deno.writeTextFileSync(`${repository}/a.txt`, "one\n");
  run(repository, "git", "add", ".");
  run(repository, "git", ...GIT, "commit", "-qm", "first");
  home.write(
    "sensors/repo.sh",
    `#!/bin/bash
cd ${repository} || exit 1
printf '{"signal":{"head":"%s","dirty":%d,"branches":%d},"detail":{"at":"%s"}}\\n' \\
  "$(git rev-parse --short HEAD)" "$(git status --porcelain | wc -l)" \\
  "$(git branch | wc -l)" "$(date +%s%N)"
`,
    0o700,
  );
  home.write(
    "sensors/inbox.sh",
    `printf '["%s"]\\n' "$(ls ${home.dir}/inbox | tr '\\n' ' ')"`,
  );
  Deno.mkdirSync(`${home.dir}/inbox`);
  home.write("PLAYBOOK.md", "# Playbook\n");
  return home;
}

Deno.test("tick decides on a real repository, acts, journals, and skips the LLM while nothing changes", async () => {
  using home = homeWithRepository();
  const repository = `${home.dir}/repo`;
  home.decideAlways({
    action: "write_goal",
    id: "ship",
    body: "goal: ship it\n",
    journal: "made the goal\nof the day",
  });
  const first = await home.looop(["tick"]);
  equal(first.code, 0, first.stdout + first.stderr);
  equal(home.read("goals/ship.md"), "goal: ship it\n");
  deepEqual(home.journal, ["write_goal ship: made the goal of the day"]);
  match(home.prompt, /"head": "[0-9a-f]{7}"/);

  // The new goal is a change: one more beat decides, and from then on nothing does.
  home.decideAlways({ action: "noop", reason: "all is well" });
  equal((await home.looop(["tick"])).code, 0);
  match(home.prompt, /\| goals\/ship\.md added/);
  const calm = await home.looop(["tick"]);
  equal(calm.code, 0);
  match(calm.stdout, /nothing has changed/);
  equal(home.timesAsked, 2);

  // Each kind of change in the world wakes it, and the prompt says which.
  const changes: readonly (readonly [() => void, RegExp])[] = [
    [() => Deno.writeTextFileSync(`${repository}/b.txt`, "x"), /sensor repo \/dirty: 0 -> 1/],
    [() => run(repository, "git", "branch", "side"), /sensor repo \/branches: 1 -> 2/],
    [() => Deno.writeTextFileSync(`${home.dir}/inbox/mail`, ""), /sensor inbox \/0: "" -> "mail "/],
    [() => home.write("goals/ship.md", "goal: ship it\nnote\n"), /goals\/ship\.md changed/],
    [() => Deno.removeSync(`${home.dataDir}/goals/ship.md`), /goals\/ship\.md removed/],
  ];
  for (const [index, [change, expected]] of changes.entries()) {
    change();
    const woken = await home.looop(["tick"]);
    equal(woken.code, 0, woken.stdout + woken.stderr);
    equal(home.timesAsked, 3 + index);
    match(home.prompt.split("## WHAT CHANGED")[1]!, expected);
  }
  equal((await home.looop(["tick"])).code, 0);
  equal(home.timesAsked, 2 + changes.length);
  const log = run(home.dataDir, "git", "log", "--format=%s%x09%an");
  match(log, /write_goal ship: made the goal of the day\tlooop/);
  match(log, /goals\/ship\.md/);
});

Deno.test("tick counts a failing command as a failure, backs off, tells the LLM and recovers at a new world", async () => {
  using home = homeWithRepository();
  home.decideAlways({ action: "run_shell", cmd: "echo broken; exit 3", reason: "try" });
  const failed = await home.looop(["tick"]);
  equal(failed.code, 1);
  match(home.journal[0]!, /^failed: echo broken; exit 3: exited with 3/);
  const held = await home.looop(["tick"]);
  equal(held.code, 1);
  match(held.stdout, /backoff: 1 failed beat/);
  equal(home.timesAsked, 1);

  // A new world is decided at once, and the LLM hears of the failure with the output.
  home.write("goals/new.md", "goal: new\n");
  home.decideAlways({ action: "noop", reason: "calm" });
  equal((await home.looop(["tick"])).code, 0);
  match(
    home.prompt.split("## LAST FAILURE")[1]!,
    /\| echo broken; exit 3: exited with 3\n\| broken/,
  );
  equal((await home.looop(["tick"])).code, 0);
  equal(home.timesAsked, 2);
});

Deno.test("tick --force passes backoff, and the output of a command reaches the next prompt", async () => {
  using home = homeWithRepository();
  home.decideAlways({
    action: "run_shell",
    cmd: "echo to-stdout; echo to-stderr >&2",
    reason: "look",
  });
  equal((await home.looop(["tick"])).code, 0);
  equal((await home.looop(["tick", "--force"])).code, 0);
  match(home.prompt.split("## LAST OUTCOME")[1]!, /exit 0\)\n\| to-stdout\n\| to-stderr/);
  equal(home.timesAsked, 2);
});

Deno.test("tick --dry-run prints prompt and decision and changes nothing that counts", async () => {
  using home = homeWithRepository();
  home.decideAlways({ action: "write_playbook", body: "mine now" });
  const ran = await home.looop(["tick", "--dry-run"]);
  equal(ran.code, 0, ran.stderr);
  match(ran.stdout, /prompt: .*\/runs\/.*\/prompt\.md/);
  match(ran.stdout, /^gate: allowed$/m);
  match(ran.stdout, /"action": "write_playbook"/);
  equal(home.read("PLAYBOOK.md"), "# Playbook\n");
  deepEqual(home.journal, []);
  equal(home.read(".last-tick-hash"), undefined);
});

Deno.test("tick --dry-run says what the gate would say, and asks nobody", async () => {
  using home = homeWithRepository();
  const table = [
    ["git push origin main", 0, /^gate: would ask you \(rule git-push\): git push origin main$/m],
    ["rm -rf /", 1, /^gate: denied \(rule [a-z-]+\): rm -rf \/$/m],
  ] as const;
  for (const [cmd, exit, says] of table) {
    home.decideAlways({ action: "run_shell", cmd, reason: "go" });
    const ran = await home.looop(["tick", "--dry-run"]);
    equal(ran.code, exit, ran.stderr);
    match(ran.stdout, says);
    match(ran.stdout, /"action": "run_shell"/);
  }
  equal((await home.looop(["asks", "--all", "--json"])).stdout, "[]\n");
  deepEqual(home.journal, []);
});

Deno.test("a rule of the gate that is none is told before anybody is asked, by tick and by a pulse that runs", async () => {
  using home = homeWithRepository();
  const noop = { action: "noop", reason: "calm" };
  home.decideAlways(noop, { gate: { without: ["git-psh"] } });
  for (const verb of ["tick", "run"]) {
    const { code, stderr } = await home.looop([verb]);
    equal(code, 1);
    match(stderr, /: gate\.without names no rule: "git-psh"; did you mean "git-push"\?/);
  }
  equal(home.timesAsked, 0);
  await using pulse = new Foreground(home);
  home.decideAlways(noop);
  await pulse.untilEvent("acted");
  home.decideAlways(noop, { gate: { ask: ["(?<=a)b"] } });
  home.write("PLAYBOOK.md", "# Another\n");
  const { msg } = await pulse.untilEvent("failed");
  match(String(msg), /gate\.ask\[0\] is not a usable regular expression/);
  equal(home.timesAsked, 1);
});

Deno.test("tick does not execute a decision that a human's edit made stale, and keeps the edit in a commit of its own", async () => {
  using home = homeWithRepository();
  home.decideAlways({ action: "write_playbook", body: "from the LLM" });
  const slow = `cat > /dev/null; echo "# by hand" > ${home.dataDir}/PLAYBOOK.md; ` +
    `cat ${home.dir}/next-decision > .decision.json`;
  home.configure(slow);
  const ran = await home.looop(["tick"]);
  equal(ran.code, 1);
  equal(home.read("PLAYBOOK.md"), "# by hand\n");
  deepEqual(home.journal, ["stale: changed while deciding: PLAYBOOK.md"]);
  match(run(home.dataDir, "git", "log", "--format=%s"), /^changed while deciding: PLAYBOOK\.md$/m);

  // The next beat follows at once; a second stale one in a row counts as a failure.
  home.configure(slow.replace("by hand", "by hand again"));
  equal((await home.looop(["tick"])).code, 1);
  home.configure("false");
  match((await home.looop(["tick"])).stdout, /asking script/);
  home.configure(slow);
});

Deno.test("tick turns a runner's misdeeds in its own folder into nothing", async () => {
  using home = homeWithRepository();
  home.configure(
    "cat > /dev/null; echo gone > PLAYBOOK.md; mkdir -p goals; echo x > goals/x.md; " +
      `echo '{"action":"noop","reason":"sly"}' > .decision.json`,
  );
  equal((await home.looop(["tick"])).code, 0);
  equal(home.read("PLAYBOOK.md"), "# Playbook\n");
  equal(home.read("goals/x.md"), undefined);
  // An old decision is never read: this runner writes none.
  home.write("goals/y.md", "goal: y\n");
  home.configure("cat > /dev/null");
  const none = await home.looop(["tick"]);
  equal(none.code, 1);
  match(none.stdout, /wrote no \.decision\.json/);
});

Deno.test("tick ends a runner that takes too long, with everything that it started", async () => {
  using home = homeWithRepository();
  home.configure(`sleep 600 & echo $! > ${home.dir}/pid; sleep 600`);
  const ran = await home.looop(["tick"], { env: { LOOOP_TICK_TIMEOUT: "1" } });
  equal(ran.code, 1);
  match(ran.stdout, /took more than 1 s/);
  const pid = Number(Deno.readTextFileSync(`${home.dir}/pid`));
  equal(isRunning(pid), false, "the runner's background job is still there");
});

Deno.test("tick says who holds the profile and exits 1", async () => {
  using home = homeWithRepository();
  home.configure(`echo ready > ${home.dir}/ready; sleep 600`);
  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("../../main.ts", import.meta.url).pathname, "tick"],
    env: home.env(),
    clearEnv: true,
    stdout: "null",
    stderr: "null",
  }).spawn();
  const watcher = Deno.watchFs(home.dir);
  const late = setTimeout(() => watcher.close(), 20_000);
  for await (const _ of watcher) {
    if (home.read("../ready") !== undefined) break;
  }
  clearTimeout(late);
  const second = await home.looop(["tick"]);
  equal(second.code, 1);
  match(second.stderr, new RegExp(`holds this profile: pid ${holder.pid}`));
  holder.kill("SIGTERM");
  equal((await holder.status).code, 130);
});

Deno.test("a sensor that the LLM writes is executable, is read from the next beat on, and its reading wakes", async () => {
  using home = homeWithRepository();
  home.decideAlways({ action: "write_sensor", name: "door", script: `cat ${home.dir}/door` });
  Deno.writeTextFileSync(`${home.dir}/door`, '"shut"');
  equal((await home.looop(["tick"])).code, 0);
  equal((Deno.statSync(`${home.dataDir}/sensors/door.sh`).mode ?? 0) & 0o777, 0o700);
  home.decideAlways({ action: "noop", reason: "calm" });
  equal((await home.looop(["tick"])).code, 0);
  match(home.prompt, /sensor door added: "shut"/);
  // An edit of the script does not wake by itself; another reading does.
  home.write("sensors/door.sh", `# the same\ncat ${home.dir}/door`);
  match((await home.looop(["tick"])).stdout, /nothing has changed/);
  Deno.writeTextFileSync(`${home.dir}/door`, '"open"');
  equal((await home.looop(["tick"])).code, 0);
  match(home.prompt, /sensor door: "shut" -> "open"/);
  home.decideAlways({ action: "write_sensor", name: "bad", script: "if then" });
  home.write("goals/a.md", "goal: a");
  equal((await home.looop(["tick"])).code, 1);
  match(home.journal.at(-1)!, /^refused: field "script" of write_sensor: does not pass bash -n/);
});
