import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { findSession } from "../../src/session/registry.ts";
import { startSession } from "../../src/session/start_session.ts";
import { TEST_BINARY } from "../helpers/binary.ts";
import { SessionHome } from "../helpers/test_session.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const BASH = ["bash", "--norc", "--noprofile", "-i"];

/** A data dir's name with everything that shells and terminals trip over, and over 200 bytes long. */
const ODD_NAME = `it's "ünï" $(x) \\ * 日本 ${"långt ".repeat(22)}end`;

Deno.test("an upgrade replaces the running program's file: the session goes on, every verb too", async () => {
  await using home = new SessionHome();
  const old = join(home.home.dir, "looop-old");
  Deno.copyFileSync(TEST_BINARY ?? Deno.execPath(), old);
  Deno.chmodSync(old, 0o755);
  const rest = TEST_BINARY ? [] : ["run", "-A", "--no-check", "--quiet", MAIN];
  await startSession("s", {
    sessionsDir: home.sessionsDir,
    supervisor: [old, ...rest, "_supervise"],
    command: BASH,
    cwd: home.home.dir,
    env: home.home.env({ PS1: "$ " }),
  });
  home.adopt("s");
  // As an installer does it; what lies there now is a program that could not keep a session.
  const next = `${old}.new`;
  Deno.writeTextFileSync(next, "#!/bin/sh\nexit 99\n", { mode: 0o755 });
  Deno.renameSync(next, old);
  await home.looop(["send", "s", "echo after $((40+2))"]);
  await home.looop(["expect", "s", "^after 42$"]);
  await home.looop(["resize", "s", "100x30"]);
  await home.looop(["key", "s", "C-l"]);
  await home.looop(["expect", "s", "^\\$", "--screen"]);
  await home.looop(["restart", "s"]);
  await home.looop(["expect", "s", "[$#] $"]);
  equal(findSession(home.sessionsDir, "s")?.record.cols, 100);
  await home.looop(["kill", "s"]);
});

Deno.test("every verb works in a data dir with quotes, non-ASCII and more than 200 bytes", async () => {
  await using home = new SessionHome(ODD_NAME);
  ok(new TextEncoder().encode(home.home.dataDir).length > 200);
  home.home.configure("true", {
    runners: {
      script: {
        tick: "true",
        interactive: "tail -n 1 {{prompt_file}}; PS1='$ ' exec bash --norc --noprofile -i",
      },
    },
  });
  home.adopt("s");
  equal(await home.looop(["start-session", "s", "say it's so"]), "s\n");
  await home.looop(["expect", "s", "say it's so\\n\\$ $"]);
  await home.looop(["send", "s", 'echo got $((6*7)); echo "$LOOOP_DATA_DIR"']);
  await home.looop(["expect", "s", "^got 42$"]);
  await home.looop(["wait-idle", "s"]);
  await home.looop(["key", "s", "C-l"]);
  await home.looop(["resize", "s", "90x20"]);
  await home.looop(["expect", "s", "--screen", "^\\$ *$"]);
  match(await home.looop(["log", "s", "--grep", "^got"]), /^got 42\n$/);
  await home.looop(["flag", "s", "please look"]);
  match(await home.looop(["ls"]), /s +running .*⚑ please look/);
  await home.looop(["unflag", "s"]);
  match(await home.looop(["status"]), /s/);
  for (const kind of [[], ["--ansi"], ["--json"], ["--svg"]]) {
    ok((await home.looop(["shot", "s", ...kind])).length > 0);
  }
  await home.looop(["restart", "s"]);
  await home.looop(["expect", "s", "\\$ $"]);
  await home.looop(["send", "s", "exit 6"]);
  await home.looop(["wait", "s"], 6);
  match(await home.looop(["watch", "s"]), /exit 6/);
  await home.looop(["kill", "s"]);
  await home.looop(["prune"]);
  equal(await home.looop(["ls", "--json"]), "[]\n");
});

Deno.test("SIGKILL of the supervisor: wait exits 137, what types says dead, shot and log still tell", async () => {
  await using home = new SessionHome();
  await home.start("s", ["bash", "-c", "echo on the screen; exec cat"]);
  await home.looop(["expect", "s", "screen"]);
  const waiting = home.looop(["wait", "s"], 137);
  Deno.kill(findSession(home.sessionsDir, "s")!.record.supervisor_pid!, "SIGKILL");
  await waiting;
  await home.looop(["wait", "s"], 137);
  const { code, stderr } = await home.home.looop(["send", "s", "x"]);
  equal(code, 1);
  match(stderr, /"s" is not alive \(dead\)/);
  match(await home.looop(["shot", "s", "--trim"]), /^on the screen\n/);
  match(await home.looop(["log", "s"]), /^on the screen\n/);
  match(await home.looop(["ls"]), /^s +dead/m);
});

const isRoot = Deno.uid() === 0 && Deno.build.os === "linux";
Deno.test({
  name: "on a full disk verbs say so in one line, and the session survives it (root, tmpfs)",
  ignore: !isRoot,
  async fn() {
    await using home = new SessionHome();
    const { dataDir } = home.home;
    const sh = (command: string) =>
      new Deno.Command("bash", { args: ["-c", command, "sh", dataDir] }).outputSync().success;
    ok(sh('mount -t tmpfs -o size=2m,mode=700 tmpfs "$1"'));
    try {
      Deno.mkdirSync(home.sessionsDir, { mode: 0o700 });
      home.home.configure("true", {
        runners: { script: { tick: "true", interactive: "tail -n 1 {{prompt_file}}; exec cat" } },
      });
      await home.looop(["start-session", "first", "hello"]);
      home.adopt("first");
      await home.looop(["expect", "first", "hello"]);
      sh('head -c 4000000 /dev/zero > "$1/filler"');
      const second = await home.home.looop(["start-session", "second", "hello"]);
      equal(second.code, 1, second.stdout);
      match(second.stderr, /^looop start-session: .*(No space left|full)/);
      equal(second.stderr.trim().split("\n").length, 1, second.stderr);
      match(await home.looop(["ls"]), /first +running/);
      await home.looop(["key", "first", "a", "b", "Enter"]);
      const long = await home.home.looop(["send", "first", "x".repeat(2000)]);
      ok(
        long.code === 0 ||
          /^looop send: cannot hand the (text|screen) over: no space left/i.test(long.stderr),
        long.stderr,
      );
      Deno.removeSync(join(dataDir, "filler"));
      await home.looop(["send", "first", "there is room"]);
      await home.looop(["expect", "first", "there is room"]);
      await home.looop(["kill", "first"]);
    } finally {
      await home.home.looop(["kill", "first"]);
      ok(sh('umount "$1"'));
    }
  },
});
