import { equal, match } from "node:assert/strict";
import { request } from "../../src/session/channel.ts";
import { killSession } from "../../src/session/end_session.ts";
import { waitForExit } from "../../src/session/wait_session.ts";
import { Home } from "../helpers/home.ts";
import { isRunning } from "../helpers/processes.ts";
import { SessionLab } from "../helpers/session_lab.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

Deno.test("over script(1): start, input, log, exit code and kill work", async () => {
  await using lab = new SessionLab();
  const backend = "script";
  const { dir } = await lab.start("s", 'tty; stty size; read x; echo "got $x"; exit 3', {
    backend,
  });
  await lab.until("it asks", () => lab.log("s").includes("40 120"));
  match(lab.log("s"), /^\/dev\/pts/);
  equal((await request(dir, "input", { bytes: btoa("it's\r") }))["taken"], 5);
  equal(await waitForExit(lab.sessionsDir, "s", 20_000), 3);
  match(lab.log("s"), /got it's\r\n$/);
  equal(lab.session("s")?.record.backend, "script");
  await lab.start("k", "trap '' HUP TERM; (setsid sleep 905 &); while :; do sleep 0.2; done", {
    backend,
  });
  await lab.until("it runs", () => lab.leftovers().length >= 2);
  await killSession(lab.sessionsDir, "k");
  equal(lab.leftovers().length, 0);
});

/** Runs verbs in a home whose runner is a shell, none of them with a way to call libc. */
class Verbs {
  readonly home = new Home();
  readonly #flags: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  constructor(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#flags = flags;
    this.#env = env;
    const interactive = "cat {{prompt_file}} | tail -n 1; PS1='$ ' exec bash --norc --noprofile -i";
    const config = { default: "sh", runners: { sh: { tick: "true", interactive } } };
    Deno.writeTextFileSync(this.home.configPath, JSON.stringify(config));
  }

  async run(code: number, ...args: readonly string[]): Promise<string> {
    const { code: ended, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", ...this.#flags, "--no-check", "--quiet", MAIN, ...args],
      env: this.home.env(this.#env),
      clearEnv: true,
      cwd: this.home.dir,
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    const errors = new TextDecoder().decode(stderr);
    equal(ended, code, `looop ${args.join(" ")}: ${text}${errors}`);
    return text + errors;
  }
}

Deno.test("start, send, key, log, shot, expect, wait and kill work where libc cannot be called at all", async () => {
  const verbs = new Verbs(["--deny-ffi"]);
  using _home = verbs.home;
  await verbs.run(0, "start-session", "s", "the prompt's end");
  try {
    const record = JSON.parse(verbs.home.read("sessions/s/session.json")!);
    equal(record.backend, "script");
    await verbs.run(0, "expect", "s", "the prompt's end[^$]*\\$ ", "--timeout", "20s");
    const sent = JSON.parse(
      await verbs.run(0, "send", "s", "--json", "--", "echo is $((40+2)) '\u00fc'"),
    );
    equal(sent.seen, true);
    match(await verbs.run(0, "expect", "s", "^is 42 (.)$", "--json"), /"groups":\["\u00fc"\]/);
    await verbs.run(0, "send", "s", "-n", "echo wrong");
    await verbs.run(0, "key", "s", "C-u");
    await verbs.run(0, "send", "s", "clear; cat");
    await verbs.run(0, "wait-idle", "s", "--timeout", "20s");
    await verbs.run(0, "send", "s", "on the screen");
    await verbs.run(0, "expect", "s", "--screen", "^on the screen\\non the screen");
    match(await verbs.run(0, "shot", "s", "--trim"), /^on the screen\non the screen\n/);
    await verbs.run(124, "expect", "s", "never", "--timeout", "300ms");
    await verbs.run(124, "wait", "s", "--timeout", "300ms");
    await verbs.run(0, "key", "s", "C-d");
    await verbs.run(0, "send", "s", "exit 7");
    await verbs.run(7, "wait", "s", "--timeout", "20s");
    match(await verbs.run(0, "log", "s", "--tail", "1"), /^exit\n$/);
    match(await verbs.run(0, "shot", "s", "--trim"), /^on the screen\n/);
    await verbs.run(0, "restart", "s");
    const pids = [JSON.parse(verbs.home.read("sessions/s/session.json")!)]
      .flatMap(({ pid, supervisor_pid }) => [pid, supervisor_pid]);
    await verbs.run(0, "kill", "s");
    equal(pids.some(isRunning), false);
    await verbs.run(143, "wait", "s");
  } finally {
    await verbs.run(0, "kill", "s");
  }
});

Deno.test("LOOOP_PTY=script makes sessions over script(1) where libc would do", async () => {
  const verbs = new Verbs([], { LOOOP_PTY: "script" });
  using _home = verbs.home;
  await verbs.run(0, "start-session", "s", "the prompt's end");
  try {
    await verbs.run(0, "send", "s", "exit 9");
    await verbs.run(9, "wait", "s", "--timeout", "20s");
    equal(JSON.parse(verbs.home.read("sessions/s/session.json")!).backend, "script");
  } finally {
    await verbs.run(0, "kill", "s");
  }
});

Deno.test("doctor names script(1) and what it cannot do; attach says why it does not work", async () => {
  const verbs = new Verbs(["--deny-ffi"]);
  using _home = verbs.home;
  await verbs.run(0, "start-session", "s", "x");
  try {
    const report = await verbs.run(1, "doctor").catch(() => verbs.run(0, "doctor"));
    match(report, /pty +a trial session ran on a terminal \(script\)/);
    match(report, /resize and attach do not change the size.*attach does not work/);
    match(await verbs.run(1, "attach", "s"), /looop attach: /);
  } finally {
    await verbs.run(0, "kill", "s");
  }
});
