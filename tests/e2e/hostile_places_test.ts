import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Foreground } from "../helpers/foreground.ts";
import { Home, type Ran, run } from "../helpers/home.ts";
import { isRunning } from "../helpers/processes.ts";
import { waitUntil } from "../helpers/wait_until.ts";

const isRoot = Deno.uid() === 0;
const hasTool = (name: string) => {
  try {
    return new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false; // Not installed.
  }
};

function isCivil(ran: Ran, about: string): void {
  const said = `${about}: ${ran.code} ${ran.stdout}${ran.stderr}`;
  ok([0, 1, 2].includes(ran.code), said);
  ok(!/at .*\.ts:\d+|this may be a bug/.test(ran.stderr), said);
}

function startWorkers(home: Home, command: string): void {
  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.interactive = command;
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
}

/** Tick, start, type, look, end: all of it in one place. */
async function works(home: Home, env: Readonly<Record<string, string>> = {}): Promise<void> {
  home.write("PLAYBOOK.md", "# P\n");
  home.write(
    "sensors/here.sh",
    'printf \'"%s"\' "${PWD##*/}" | head -c 40 | tail -c 10 > /dev/null; echo 1',
  );
  home.decideAlways({ action: "write_goal", id: "g", body: "goal: g\n" });
  startWorkers(
    home,
    'cat {{prompt_file}} > /dev/null && echo "ready ünï" && read x && echo "got $x"; read y',
  );
  const looop = async (...args: readonly string[]) => {
    const ran = await home.looop(args, { env, timeoutMs: 90_000 });
    equal(ran.code, 0, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  };
  await looop("tick");
  equal(home.read("goals/g.md"), "goal: g\n");
  await looop("start-session", "w", "do it");
  try {
    await looop("expect", "w", "ready", "--timeout", "60s");
    await looop("send", "w", "häöß 漢字");
    await looop("expect", "w", "got häöß 漢字", "--timeout", "60s");
    match(await looop("shot", "w"), /ready ünï[^]*got häöß 漢字/);
    await looop("flag", "w", "schön");
    match(await looop("ls"), /⚑ schön/);
    const why = JSON.parse(await looop("why", "--json"));
    const edit = why.wake.find(({ kind }: { kind: string }) => kind === "edit");
    if (edit) run("/", "bash", "-c", edit.command);
  } finally {
    await looop("kill", "w");
  }
}

const PLACES: Readonly<Record<string, string>> = {
  "spaces, quotes and a dollar": `it's "my" $HOME \`data\` (1) & co; *`,
  "letters beyond ASCII": "données-データ-ü😀",
  "more than 200 bytes": "long-".repeat(48),
  "a line end": "two\nlines",
};
for (const [what, name] of Object.entries(PLACES)) {
  Deno.test(`a data dir whose path holds ${what} works`, async () => {
    using home = new Home(name);
    await works(home);
  });
}

for (const locale of ["C", "POSIX"]) {
  Deno.test(`text stays whole under LC_ALL=${locale}`, async () => {
    using home = new Home("data ü");
    await works(home, { LC_ALL: locale, LANG: locale });
  });
}

Deno.test("without HOME a named data dir works, and without both the error says what to set", async () => {
  using home = new Home();
  home.decideAlways({ action: "noop", reason: "calm" });
  const { HOME: _, ...rest } = home.env();
  const tick = await home.looop(["tick"], { wholeEnv: rest });
  equal(tick.code, 0, tick.stdout + tick.stderr);
  const { LOOOP_DATA_DIR: __, ...bare } = rest;
  for (const verb of ["status", "tick", "ls", "why", "doctor", "asks"]) {
    const ran = await home.looop([verb], { wholeEnv: bare });
    isCivil(ran, verb);
    match(ran.stdout + ran.stderr, /set (LOOOP_DATA_DIR or HOME|HOME or LOOOP_DATA_DIR)/, verb);
  }
});

Deno.test("two profiles at once know nothing of each other", async () => {
  using one = new Home();
  using two = new Home();
  for (const home of [one, two]) {
    home.write("PLAYBOOK.md", "# P\n");
    home.decideAlways({ action: "noop", reason: `calm ${home.dir}` });
    startWorkers(home, "echo $LOOOP_DATA_DIR; read x; exit 3");
  }
  const both = (args: readonly string[]) => Promise.all([one.looop(args), two.looop(args)]);
  try {
    for (const args of [["tick"], ["start-session", "w", "x"], ["expect", "w", "looop-test"]]) {
      for (const ran of await both(args)) equal(ran.code, 0, ran.stdout + ran.stderr);
    }
    equal((await one.looop(["kill", "w"])).code, 0);
    const [first, second] = await both(["ls", "--json"]);
    deepEqual([JSON.parse(first!.stdout)[0].alive, JSON.parse(second!.stdout)[0].alive], [
      false,
      true,
    ]);
    deepEqual([one.timesAsked, two.timesAsked], [1, 1]);
  } finally {
    await both(["kill", "w"]);
  }
});

Deno.test("a data dir that vanishes under a running pulse ends it with a word, and nothing is made anew", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  home.decideAlways({ action: "noop", reason: "calm" }, { interval: 1 });
  const running = home.looop(["_pulse"], { timeoutMs: 60_000 });
  const deadline = performance.now() + 30_000;
  while (home.journal.length === 0) {
    ok(performance.now() < deadline, "the pulse never beat");
    await new Promise((wake) => setTimeout(wake, 50));
  }
  Deno.renameSync(home.dataDir, `${home.dir}/gone`);
  const ran = await running;
  isCivil(ran, "_pulse");
  equal(ran.code, 1);
  match(ran.stderr, /has vanished; restore it/);
  ok(home.read("PLAYBOOK.md") === undefined, "a new profile was made in its place");
});

Deno.test("a data dir that vanishes under a foreground is told on stderr, and a silent worker's supervisor ends too", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  home.decideAlways({ action: "noop", reason: "calm" }, { interval: 1, active_interval: 1 });
  startWorkers(home, "exec sleep 600");
  const looop = new Foreground(home);
  try {
    await looop.untilEvent("acted");
    equal((await home.looop(["start-session", "w", "do"])).code, 0);
    // The pulse has seen the worker.
    await looop.untilEvent("acted", 2);
    const { pid, supervisor_pid } = JSON.parse(home.read("sessions/w/session.json")!);
    equal(isRunning(pid) && isRunning(supervisor_pid), true);
    Deno.renameSync(home.dataDir, `${home.dir}/gone`);
    const { code } = await looop.child.status;
    equal(code, 1);
    const said = await new Response(looop.child.stderr).text();
    match(said, /^looop: the data dir \S+ has vanished; its workers end with it/m);
    await waitUntil("worker and supervisor are gone", async () => {
      const left = [pid, supervisor_pid].filter(isRunning);
      return [left.length === 0, left];
    });
    ok(home.read("PLAYBOOK.md") === undefined, "a new profile was made in its place");
  } finally {
    await looop[Symbol.asyncDispose]();
  }
});

Deno.test({
  name: `a data dir that cannot be written is told, and can still be read${
    isRoot ? " (root)" : ""
  }`,
  async fn() {
    using home = new Home();
    home.write("PLAYBOOK.md", "# P\n");
    home.decideAlways({ action: "noop", reason: "calm" });
    equal((await home.looop(["tick"])).code, 0);
    // Root passes every mode: there a mount that is read-only takes the mode's place.
    const seal = isRoot
      ? `mount --bind ${home.dataDir} ${home.dataDir} && mount -o remount,ro,bind ${home.dataDir}`
      : `chmod -R a-w ${home.dataDir}`;
    run("/", "bash", "-c", seal);
    try {
      for (const verb of ["status", "ls", "journal", "cost", "asks", "why"]) {
        const ran = await home.looop([verb]);
        equal(ran.code, 0, `${verb}: ${ran.stderr}`);
      }
      for (const args of [["tick"], ["start-session", "w", "x"], ["prune"]]) {
        const ran = await home.looop(args);
        isCivil(ran, args[0]!);
        if (args[0] !== "prune") equal(ran.code, 1, args[0]);
      }
      equal(home.timesAsked, 1);
    } finally {
      run("/", "bash", "-c", isRoot ? `umount ${home.dataDir}` : `chmod -R u+w ${home.dataDir}`);
    }
    equal((await home.looop(["tick"])).code, 0);
  },
});

Deno.test({
  name:
    "on a full disk a beat fails with a word, keeps every file whole, and goes on when there is room (needs root)",
  ignore: !isRoot,
  async fn() {
    using home = new Home();
    Deno.mkdirSync(home.dataDir);
    run("/", "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", home.dataDir);
    try {
      home.write("PLAYBOOK.md", "# P\n");
      home.decideAlways({ action: "noop", reason: "calm" });
      equal((await home.looop(["tick"])).code, 0);
      const before = home.tree();
      try {
        Deno.writeFileSync(`${home.dataDir}/filler`, new Uint8Array(8_000_000));
      } catch {
        // That is what a full disk says.
      }
      home.decideAlways({ action: "write_playbook", body: "# New\n" + "x".repeat(100_000) });
      const ran = await home.looop(["tick", "--force"]);
      isCivil(ran, "tick");
      equal(ran.code, 1, ran.stdout + ran.stderr);
      for (const path of ["PLAYBOOK.md", "journal.md"]) {
        ok(home.read(path)?.startsWith(before[path]!), path);
      }
      for (const verb of ["status", "ls", "journal", "why", "cost"]) {
        equal((await home.looop([verb])).code, 0, verb);
      }
      const session = await home.looop(["start-session", "w", "x"]);
      isCivil(session, "start-session");
      Deno.removeSync(`${home.dataDir}/filler`);
      const again = await home.looop(["tick", "--force"]);
      equal(again.code, 0, again.stdout + again.stderr);
      match(home.read("PLAYBOOK.md")!, /^# New/);
      deepEqual(Object.keys(home.tree()).filter((path) => path.includes(".tmp-")), []);
    } finally {
      run("/", "umount", home.dataDir);
    }
  },
});

const canSwitch = isRoot && hasTool("setpriv");
Deno.test({
  name: "another user can neither read nor type (needs root, setpriv)",
  ignore: !canSwitch,
  async fn() {
    using home = new Home();
    Deno.chmodSync(home.dir, 0o755);
    home.write("PLAYBOOK.md", "# secret\n");
    home.decideAlways({ action: "noop", reason: "calm" });
    startWorkers(home, "echo secret; read x; echo got $x; read y");
    equal((await home.looop(["tick"])).code, 0);
    equal((await home.looop(["start-session", "w", "x"])).code, 0);
    try {
      const other = (command: string) => {
        const { stdout, success } = new Deno.Command("setpriv", {
          args: ["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", command],
          stderr: "null",
        }).outputSync();
        return { success, text: new TextDecoder().decode(stdout) };
      };
      const session = `${home.dataDir}/sessions/w`;
      for (
        const path of [
          home.dataDir,
          `${home.dataDir}/PLAYBOOK.md`,
          `${session}/output.log`,
          session,
        ]
      ) {
        deepEqual(other(`cat '${path}' || ls '${path}'`), { success: false, text: "" });
      }
      const line = JSON.stringify({ op: "input", reply: "none", bytes: btoa("typed\r") });
      equal(other(`timeout 2 bash -c "echo '${line}' > '${session}/control'"`).success, false);
      equal(other(`timeout 2 bash -c "printf '\\001' > '${home.dataDir}/.wake'"`).success, false);
      // Also where somebody opened the door: each file keeps its own lock.
      run("/", "chmod", "755", home.dataDir, `${home.dataDir}/sessions`, session);
      equal(other(`cat '${session}/output.log'`).text, "");
      equal(other(`timeout 2 bash -c "echo '${line}' > '${session}/control'"`).success, false);
      const log = await home.looop(["log", "w"]);
      ok(!log.stdout.includes("typed"), log.stdout);
    } finally {
      equal((await home.looop(["kill", "w"])).code, 0);
    }
  },
});
