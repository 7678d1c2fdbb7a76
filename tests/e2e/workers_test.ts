import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";
import { waitUntil } from "../helpers/wait_until.ts";

/** A home whose workers are shell scripts: `interactive` runs this text with the prompt file as $1. */
function homeWithWorkers(script: string): Home {
  const home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("../worker.sh", script);
  return home;
}

function decideWith(home: Home, decision: unknown, more: Record<string, unknown> = {}): void {
  home.decideAlways(decision, more);
  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.interactive = `bash ${home.dir}/worker.sh {{prompt_file}}`;
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
}

async function workersOf(home: Home) {
  return JSON.parse((await home.looop(["ls", "--json"])).stdout) as {
    readonly id: string;
    readonly state: string;
    readonly alive: boolean;
    readonly exit_code: number | null;
  }[];
}

async function tickExits(home: Home, code: number, env = {}): Promise<string> {
  const ran = await home.looop(["tick"], { env });
  equal(ran.code, code, ran.stdout + ran.stderr);
  return ran.stdout;
}

Deno.test("a worker starts in the data dir with contract, prompt and environment, and its end wakes the loop", async () => {
  using home = homeWithWorkers(
    `cat "$1" > ${"$LOOOP_REPORTS_DIR"}/seen.md
     { pwd; env | grep '^LOOOP_\\|^TERM='; tty; } > "$LOOOP_REPORTS_DIR/env.txt"
     "$LOOOP_BIN" _cost session "$LOOOP_SESSION_ID" script 0.25
     exit 3`,
  );
  decideWith(home, { action: "start_worker", id: "w1", prompt: "Fix the \`door\`; it's stuck" });
  await tickExits(home, 0, { TMUX: "foreign", COLUMNS: "7" });
  equal(home.journal[0], "start_worker w1");
  equal((await home.looop(["wait", "w1", "--timeout", "20s"])).code, 3);
  const prompt = home.read("reports/seen.md")!;
  match(prompt, /^# Your contract/);
  match(prompt, /Fix the `door`; it's stuck\n$/);
  const env = home.read("reports/env.txt")!;
  match(env, new RegExp(`^${home.dataDir}$`, "m"));
  match(env, /^LOOOP_SESSION_ID=w1$/m);
  match(env, /^TERM=xterm-256color$/m);
  match(env, /^\/dev\/pts\/\d+$/m);
  for (const name of ["BIN", "DATA_DIR", "CONFIG", "CLAIMS_DIR", "REPORTS_DIR", "COST_LEDGER"]) {
    match(env, new RegExp(`^LOOOP_${name}=/`, "m"));
  }
  equal((await home.looop(["status", "--json"])).stdout.includes('"cost_today_usd": 0.25'), true);

  // Its appearance and end are news for the LLM; the same state again is none.
  decideWith(home, { action: "noop", reason: "seen" });
  await tickExits(home, 0);
  match(
    home.prompt,
    /"w1": \{\n\| +"incarnation": "[0-9a-f]+",\n\| +"state": "exited",\n\| +"exit_code": 3/,
  );
  match(await tickExits(home, 0), /nothing has changed/);
  // Its removal is no change.
  equal((await home.looop(["prune"])).code, 0);
  deepEqual(await workersOf(home), []);
  match(await tickExits(home, 0), /nothing has changed/);
});

Deno.test("the worker cap refuses the loop's next worker, while a person is only warned", async () => {
  using home = homeWithWorkers("exec sleep 600");
  const env = { LOOOP_MAX_WORKERS: "1" };
  decideWith(home, { action: "start_worker", id: "w1", prompt: "a" });
  await tickExits(home, 0, env);
  decideWith(home, { action: "start_worker", id: "w2", prompt: "b" });
  await tickExits(home, 1, env);
  match(home.journal.at(-1)!, /^refused: .*1 workers live already, the limit is 1/);
  const byHand = await home.looop(["start-session", "w3", "c"], { env });
  equal(byHand.code, 0, byHand.stderr);
  match(byHand.stderr, /2 workers live now/);
  // An id that lives is refused; the reserved one, too.
  equal((await home.looop(["start-session", "w3", "c"])).code, 1);
  match((await home.looop(["start-session", "pulse", "c"])).stderr, /the loop itself/);
  for (const id of ["w1", "w3"]) equal((await home.looop(["kill", id])).code, 0);
});

Deno.test("the loop types into a worker, but not into one that waits for the human", async () => {
  using home = homeWithWorkers(
    `printf 'ready> '; while read -r line; do printf 'got %s\\nready> ' "$line"; done`,
  );
  decideWith(home, { action: "start_worker", id: "w1", prompt: "a" });
  await tickExits(home, 0);
  equal((await home.looop(["expect", "w1", "ready>", "--timeout", "20s"])).code, 0);
  decideWith(home, { action: "steer_session", id: "w1", input: "look left" });
  await tickExits(home, 0);
  equal((await home.looop(["expect", "w1", "got look left", "--timeout", "20s"])).code, 0);
  decideWith(home, { action: "send_key", id: "w1", keys: ["x", "Enter"] });
  home.write("goals/a.md", "goal: a");
  await tickExits(home, 0);
  equal((await home.looop(["expect", "w1", "got x", "--timeout", "20s"])).code, 0);
  const refuse = async (decision: unknown, expected: RegExp) => {
    decideWith(home, decision);
    home.write("goals/a.md", `goal: ${Math.random()}`);
    await tickExits(home, 1);
    match(home.journal.at(-1)!, expected);
  };
  await refuse({ action: "send_key", id: "w1", keys: ["Entr"] }, /"keys" of send_key.*Enter/);
  await refuse({ action: "steer_session", id: "nobody", input: "x" }, /no worker "nobody"/);
  equal((await home.looop(["flag", "w1", "help"])).code, 0);
  await refuse({ action: "steer_session", id: "w1", input: "x" }, /is flagged; the human/);
  await refuse({ action: "restart_session", id: "w1" }, /is flagged; the human/);
  equal((await home.looop(["unflag", "w1"])).code, 0);
  decideWith(home, { action: "restart_session", id: "w1" });
  home.write("goals/a.md", "goal: restart");
  await tickExits(home, 0);
  equal((await workersOf(home))[0]!.alive, true);
  equal((await home.looop(["kill", "w1"])).code, 0);
});

Deno.test("a lease is freed when its holder is gone, also when the id was used again; others are left", async () => {
  using home = homeWithWorkers("exec sleep 600");
  decideWith(home, { action: "noop", reason: "calm" });
  equal((await home.looop(["start-session", "w1", "a"])).code, 0);
  home.write("claims/door.json", '{"session":"w1","name":"the door"}');
  home.write("claims/gone.json", '{"session":"ghost","name":"x"}');
  home.write("claims/odd.json", "{not json");
  home.write("claims/nobody.json", '{"name":"y"}');
  match(await tickExits(home, 0), /the lease x of ghost is free again/);
  const claims = () =>
    [...Deno.readDirSync(`${home.dataDir}/claims`)].map(({ name }) => name).sort();
  deepEqual(claims(), ["door.json", "nobody.json", "odd.json"]);
  match(home.prompt, /"file": "odd\.json",[\s\S]*"problem": "names no session"/);
  // The same id again is another worker: the old one's lease is not its own.
  equal((await home.looop(["restart", "w1"])).code, 0);
  await tickExits(home, 0);
  deepEqual(claims(), ["nobody.json", "odd.json"]);
  equal((await home.looop(["kill", "w1"])).code, 0);
});

const hasTmux = new Deno.Command("sh", { args: ["-c", "command -v tmux"] }).outputSync().success;

Deno.test({
  name: "inside tmux a raised flag opens one window that attaches (needs tmux)",
  ignore: !hasTmux,
  async fn() {
    using home = homeWithWorkers("echo on duty; exec cat");
    decideWith(home, { action: "noop", reason: "calm" });
    const socket = `looop-test-${crypto.randomUUID()}`;
    const tmux = (...args: readonly string[]) => {
      const { stdout } = new Deno.Command("tmux", {
        // -u: without a UTF-8 locale tmux writes "_" for what is not ASCII.
        args: ["-u", "-L", socket, ...args],
        env: home.env({ TERM: "xterm-256color", LOOOP_INTERVAL: "1h" }),
        clearEnv: true,
      }).outputSync();
      return new TextDecoder().decode(stdout);
    };
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const looop = `${Deno.execPath()} run -A --no-check ${main}`;
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "-n", "loop", looop);
    try {
      const windows = () => tmux("list-windows", "-F", "#{window_name}").trim().split("\n");
      await waitUntil("the pulse beats", async () => {
        const screen = tmux("capture-pane", "-p", "-t", "loop");
        return [/noop: calm/.test(screen), screen];
      });
      equal((await home.looop(["start-session", "w1", "a"])).code, 0);
      equal((await home.looop(["flag", "w1", "left or right?"])).code, 0);
      await waitUntil("a window of the flag", async () => [windows().includes("⚑ w1"), windows()]);
      await waitUntil("the worker's screen in it", async () => {
        const screen = tmux("capture-pane", "-p", "-t", "⚑ w1");
        return [/on duty/.test(screen), screen];
      });
      match(tmux("capture-pane", "-p", "-t", "loop"), /⚑ w1 waits for you: left or right\?/);
      match((await home.looop(["ls"])).stdout, /⚑.*left or right\?/);
      match((await home.looop(["status"])).stdout, /⚑ w1 {2}left or right\?/);
      // Typing there reaches the worker; one flag is one window, however many beats pass.
      tmux("send-keys", "-t", "⚑ w1", "-l", "go left");
      tmux("send-keys", "-t", "⚑ w1", "Enter");
      equal((await home.looop(["expect", "w1", "go left\\ngo left", "--timeout", "20s"])).code, 0);
      home.write("goals/a.md", "goal: a");
      await waitUntil("another beat", async () => [home.timesAsked >= 3, home.timesAsked]);
      equal(windows().filter((name) => name === "⚑ w1").length, 1);
    } finally {
      tmux("send-keys", "-t", "loop", "C-c");
      await waitUntil("the end of everything", async () => {
        const { workers, pulse } = JSON.parse((await home.looop(["status", "--json"])).stdout);
        const isOver = !pulse.running && workers.every((each: { alive: boolean }) => !each.alive);
        return [isOver, JSON.stringify(workers)];
      });
      tmux("kill-server");
    }
  },
});

Deno.test("looop demo shows every step, plain when piped, and leaves nothing behind", async () => {
  using home = new Home();
  const ran = await home.looop(["demo"], { env: { NO_COLOR: "" } });
  equal(ran.code, 0, ran.stdout + ran.stderr);
  ok(!/\x1b/.test(ran.stdout));
  for (
    const step of [
      /write_goal tidy/,
      /start_worker tidy/,
      /tidy asks:/,
      /looking at the shop/,
      /archive_goal tidy/,
      /nothing has changed/,
    ]
  ) {
    match(ran.stdout, step);
  }
  const [, dir = ""] = /profile in (\S+):/.exec(ran.stdout) ?? [];
  ok(dir.includes("looop-demo-"));
  let isGone = false;
  try {
    Deno.statSync(dir);
  } catch {
    isGone = true;
  }
  ok(isGone, `${dir} is still there`);
  equal(home.read("PLAYBOOK.md"), undefined);
});

Deno.test({
  name: "a terminal that is closed ends pulse and workers, as Ctrl-C does (needs tmux)",
  ignore: !hasTmux,
  async fn() {
    // The foreground once died of its own farewell on the closed terminal and left the pulse behind.
    using home = homeWithWorkers("exec sleep 600");
    decideWith(home, { action: "noop", reason: "calm" });
    const socket = `looop-test-${crypto.randomUUID()}`;
    const tmux = (...args: readonly string[]) =>
      new Deno.Command("tmux", {
        args: ["-L", socket, ...args],
        env: home.env({ TERM: "xterm-256color", LOOOP_INTERVAL: "1h" }),
        clearEnv: true,
      }).outputSync();
    const main = new URL("../../main.ts", import.meta.url).pathname;
    tmux("-f", "/dev/null", "new-session", "-d", "sleep 600");
    tmux("new-window", "-n", "loop", `${Deno.execPath()} run -A --no-check ${main}`);
    try {
      await waitUntil(
        "the first beat",
        async () => [home.timesAsked > 0, home.read("events.jsonl")],
      );
      equal((await home.looop(["start-session", "w1", "a"])).code, 0);
      tmux("kill-window", "-t", "loop");
      await waitUntil("the end of everything", async () => {
        const { workers, pulse } = JSON.parse((await home.looop(["status", "--json"])).stdout);
        const isOver = !pulse.running && workers.every((each: { alive: boolean }) => !each.alive);
        return [isOver, home.read("events.jsonl")];
      });
      match(home.read("events.jsonl")!, /"event":"stopped"/);
    } finally {
      tmux("kill-server");
    }
  },
});

Deno.test("a demo whose reader leaves still ends what it started and removes its folder", async () => {
  using home = new Home();
  const tmp = `${home.dir}/tmp`;
  Deno.mkdirSync(tmp);
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const { code } = await new Deno.Command("bash", {
    args: [
      "-c",
      `set -o pipefail; "$1" run -A --no-check "$2" demo | head -1`,
      "-",
      Deno.execPath(),
      main,
    ],
    env: home.env({ TMPDIR: tmp }),
    clearEnv: true,
    stdout: "null",
  }).output();
  equal(code, 0);
  deepEqual([...Deno.readDirSync(tmp)].map(({ name }) => name), []);
});

Deno.test("a prompt can come from standard input, and a worker of the loop starts by the settings that hold", async () => {
  using home = homeWithWorkers('cp "$1" "$LOOOP_REPORTS_DIR/seen.md"; exec sleep 600');
  decideWith(home, { action: "start_worker", id: "w2", prompt: "do" });
  const { code } = await home.looop(["start-session", "w1", "-"], { stdin: "from a pipe\n" });
  equal(code, 0);
  await waitUntil("the worker has its prompt", async () => {
    const seen = home.read("reports/seen.md");
    return [seen?.endsWith("from a pipe\n\n") ?? false, seen];
  });
  // The runner itself breaks the config while the loop waits for it.
  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.tick += `; echo '{' > ${home.configPath}`;
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
  await tickExits(home, 0);
  equal(home.journal.at(-1), "start_worker w2");
  for (const id of ["w1", "w2"]) equal((await home.looop(["kill", id])).code, 0);
});
