import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import { request } from "../../src/session/channel.ts";
import { killSession, resizeSession, restartSession } from "../../src/session/end_session.ts";
import { clearFlag, raiseFlag } from "../../src/session/flag_session.ts";
import { reapSessions } from "../../src/session/prune_sessions.ts";
import { idleMs, listSessions } from "../../src/session/registry.ts";
import { waitForExit, waitForQuiet } from "../../src/session/wait_session.ts";
import { SessionLab } from "../helpers/session_lab.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

const send = (dir: string, text: string, more: Record<string, unknown> = {}) =>
  request(dir, "input", { bytes: btoa(text), ...more }, 20_000);

Deno.test("a session has its own controlling terminal, clean signals, its size and its environment", async () => {
  await using lab = new SessionLab();
  const script = "tty; stty size; grep -E 'SigIgn|SigBlk' /proc/self/status; " +
    'echo "$TERM/$LOOOP_SESSION_ID/${TMUX-none}/$(env | grep -c ^COLUMNS=)/$SECRET"; ' +
    "ps -o sid=,pid= -p $$; cat < /dev/tty";
  const env = {
    ...Deno.env.toObject(),
    TMUX: "x",
    COLUMNS: "9",
    SECRET: "s3cret",
    UNSAID: "n0t-on-d1sk",
  };
  const { dir } = await lab.start("one", script, { env });
  await lab.until("the script waits", () => lab.log("one").includes("s3cret"));
  const log = lab.log("one");
  match(log, /^\/dev\/pts\/\d+\r\n40 120\r\n/);
  equal(log.match(/Sig(Ign|Blk):\s+0000000000000000\r/g)?.length, 2);
  match(log, /xterm-256color\/one\/none\/0\/s3cret/);
  await lab.until("ps has run", () => /(\d+)\s+\1\r\n$/.test(lab.log("one")));
  for (const { name, isFile } of Deno.readDirSync(dir)) {
    if (isFile) ok(!Deno.readTextFileSync(join(dir, name)).includes("n0t-on-d1sk"), name);
  }
  equal(Deno.statSync(dir).mode! & 0o777, 0o700);
  for (const name of ["session.json", "output.log", "output.idx", "supervisor.lock"]) {
    equal(Deno.statSync(join(dir, name)).mode! & 0o777, 0o600, name);
  }
});

Deno.test("wait gives the exit code, 128+n for a signal, and what python's REPL was told arrives", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("py", ["python3", "-q"]);
  await lab.until("the prompt", () => lab.log("py").includes(">>> "));
  const reply = await send(dir, "print(6*7)\r");
  equal(reply["taken"], 11);
  await lab.until("the answer", () => /\n42\r/.test(lab.log("py")));
  await send(dir, "import sys; sys.exit(7)\r");
  equal(await waitForExit(lab.sessionsDir, "py", 20_000), 7);
  equal(lab.session("py")?.state, "exited");

  await lab.start("sig", "kill -SEGV $$");
  equal(await waitForExit(lab.sessionsDir, "sig", 20_000), 139);
  equal(lab.session("sig")?.state, "killed");
  await lab.start("slow", "sleep 100");
  equal(await waitForExit(lab.sessionsDir, "slow", 100), undefined);
});

Deno.test("kill ends background, setsid and double-forked jobs that ignore HUP and TERM, within 5 s", async () => {
  await using lab = new SessionLab();
  const stubborn = "trap '' HUP TERM; while :; do sleep 0.2; done";
  await lab.start(
    "tree",
    `nohup sleep 901 & setsid sleep 902 & (setsid bash -c "${stubborn}" &) ; ` +
      `(env -i /usr/bin/setsid /bin/bash -c "${stubborn}" &); ${stubborn} & echo ready; read x`,
  );
  await lab.until(
    "all run",
    () => lab.log("tree").includes("ready") && lab.leftovers().length >= 5,
  );
  const start = performance.now();
  equal(await killSession(lab.sessionsDir, "tree"), "ended");
  ok(performance.now() - start < 5500);
  equal(lab.leftovers().length, 0);
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "args"] }).outputSync();
  ok(!new TextDecoder().decode(stdout).includes("while :; do sleep 0.2"), "env -i escaped");
  equal(lab.session("tree")?.state, "killed");
  equal(await killSession(lab.sessionsDir, "tree"), "was over");
});

Deno.test("when the command ends, what it left running is ended too", async () => {
  await using lab = new SessionLab();
  await lab.start("left", "(setsid sleep 903 &); (setsid sh -c 'sleep 0.05; echo late' &); exit 4");
  equal(await waitForExit(lab.sessionsDir, "left", 20_000), 4);
  equal(lab.leftovers().length, 0);
});

Deno.test("a session outlives a killed starter; a supervisor started inside a session is not of its tree", async () => {
  await using lab = new SessionLab();
  // A worker whose shell starts a session of its own, as the pulse does.
  const code = `
    import { SessionLab } from ${JSON.stringify(import.meta.resolve("../helpers/session_lab.ts"))};
    const lab = new SessionLab("sessions", ${JSON.stringify(lab.root)});
    await lab.start("inner", "echo inside; cat");
    console.log("started");
    Deno.kill(Deno.pid, "SIGKILL");`;
  Deno.writeTextFileSync(join(lab.root, "starter.ts"), code);
  const run =
    `${Deno.execPath()} run -A --no-check --quiet --config ${CONFIG} ${lab.root}/starter.ts; cat`;
  await lab.start("outer", run);
  await lab.until("inner runs", () => lab.log("inner").includes("inside"));
  await killSession(lab.sessionsDir, "outer");
  equal(lab.session("inner")?.isAlive, true);
  await killSession(lab.sessionsDir, "inner");
});

Deno.test("SIGKILL of the supervisor: dead, wait says 137 at once, and the next start ends what ignored the hang-up", async () => {
  await using lab = new SessionLab();
  await lab.start("d", "trap '' HUP; echo ready; while :; do sleep 0.2; done");
  await lab.until("it runs", () => lab.log("d").includes("ready"));
  const waiting = waitForExit(lab.sessionsDir, "d", 20_000);
  await new Promise((resolve) => setTimeout(resolve, 200));
  Deno.kill(lab.session("d")!.record.supervisor_pid!, "SIGKILL");
  equal(await waiting, 137);
  equal(lab.session("d")?.state, "dead");
  ok(lab.leftovers().length > 0);
  const { incarnation } = await lab.start("d", "cat");
  equal(lab.leftovers().length, 1);
  equal(lab.session("d")?.record.incarnation, incarnation);
});

Deno.test("restart keeps id and size and is a new incarnation that no old flag reaches", async () => {
  await using lab = new SessionLab();
  const first = await lab.start("r", "stty size; cat");
  await resizeSession(lab.sessionsDir, "r", 100, 30);
  await lab.until("the size is written down", () => lab.session("r")?.record.cols === 100);
  raiseFlag(lab.sessionsDir, "r", "help\nme");
  equal(lab.session("r")?.flag, "help\nme");
  const flagFile = Deno.readTextFileSync(join(first.dir, "flag.json"));
  const second = await restartSession("r", lab.options());
  Deno.writeTextFileSync(join(first.dir, "flag.json"), flagFile);
  ok(second.incarnation !== first.incarnation);
  equal(lab.session("r")?.flag, undefined);
  await lab.until("the size is kept", () => lab.log("r").startsWith("30 100"));
  clearFlag(lab.sessionsDir, "r");
  await killSession(lab.sessionsDir, "r");
  deepEqual(await reapSessions(lab.sessionsDir, 60_000), []);
  deepEqual(await reapSessions(lab.sessionsDir, 60_000, Date.now() + 61_000), ["r"]);
});

Deno.test("starting refuses a live id, a symbolic link, an id that is none and a missing program", async () => {
  await using lab = new SessionLab();
  await lab.start("live", "cat");
  await rejects(lab.start("live", "cat"), /lives already/);
  Deno.symlinkSync("/tmp", join(lab.sessionsDir, "link"));
  await rejects(lab.start("link", "cat"), /symbolic link/);
  for (const id of ["", "../x", ".x", "a/b", "a".repeat(65), "ü"]) {
    await rejects(lab.start(id, "cat"), /is not a session id/);
  }
  await rejects(lab.start("none", ["no-such-program-here"]), /cannot find the program/);
  equal(lab.session("none")?.record.exit_code, 127);
  throws(() => raiseFlag(lab.sessionsDir, "none", ""), /not alive/);
  Deno.removeSync(join(lab.sessionsDir, "link"));
});

Deno.test("a program that never reads stops nothing: 10 MB of input end at the timeout with what was taken", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("deaf", "stty raw -echo; echo ready; sleep 1000");
  await lab.until("it sleeps", () => lab.log("deaf").includes("ready"));
  Deno.writeFileSync(join(dir, "in-big"), new Uint8Array(10_000_000).fill(97));
  const big = request(dir, "input", { file: "in-big", timeout_ms: 1500 }, 20_000);
  const resizeStart = performance.now();
  await resizeSession(lab.sessionsDir, "deaf", 90, 20);
  ok(performance.now() - resizeStart < 1000, "others are served meanwhile");
  const { taken, total } = await big;
  equal(total, 10_000_000);
  equal(taken, 0);
  ok(![...Deno.readDirSync(dir)].some(({ name }) => name === "in-big"));
});

Deno.test("garbage on the control FIFO and a client that dies in the middle harm nobody", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("g", "cat");
  const control = Deno.openSync(join(dir, "control"), { write: true });
  const text = '\0\xff{{{\n[]\n{"op":1}\n' + "x".repeat(50_000) +
    '\n{"op":"kill","reply":"../x"}\n' +
    '{"op":"input","reply":"r-gone","bytes":"aGkNCg=="}\n{"op":"nothing","reply":"r-gone"}\n{"op":"in';
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += control.writeSync(bytes.subarray(at, at + 4096));
  await lab.until("the good request among them is served", () => lab.log("g").includes("hi"));
  control.writeSync(new TextEncoder().encode("\n"));
  control.close();
  equal((await send(dir, "there\r"))["taken"], 6);
});

Deno.test("wait-idle ends with the last output, not before", async () => {
  await using lab = new SessionLab();
  await lab.start("i", "for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done; echo last; cat");
  const limits = { settleMs: 600, timeoutMs: 20_000 };
  equal(await waitForQuiet(lab.sessionsDir, "i", limits), true);
  match(lab.log("i"), /last\r\n$/);
  await lab.start("busy", "while :; do echo x; sleep 0.05; done");
  equal(await waitForQuiet(lab.sessionsDir, "busy", { settleMs: 500, timeoutMs: 1200 }), false);
});

Deno.test("a data dir with spaces, quotes, non-ASCII and more than 200 bytes works", async () => {
  await using lab = new SessionLab(`it's "ünïcødé" ${"långt ".repeat(35)}end`.slice(0, 180) + "/s");
  Deno.mkdirSync(join(lab.sessionsDir, ".."), { recursive: true });
  const { dir } = await lab.start("x", "read a; echo got $a");
  equal((await send(dir, "it\r"))["taken"], 3);
  equal(await waitForExit(lab.sessionsDir, "x", 20_000), 0);
  match(lab.log("x"), /got it/);
});

Deno.test("listSessions() reads hundreds, the living first", async () => {
  await using lab = new SessionLab();
  await lab.start("zz-alive", "cat");
  const record = { ...lab.session("zz-alive")!.record, state: "exited", exit_code: 0 };
  for (let i = 0; i < 300; i++) {
    const dir = join(lab.sessionsDir, `old-${i}`);
    Deno.mkdirSync(dir);
    Deno.writeTextFileSync(
      join(dir, "session.json"),
      JSON.stringify({ ...record, id: `old-${i}`, supervisor_pid: null }),
    );
  }
  const sessions = listSessions(lab.sessionsDir);
  equal(sessions.length, 301);
  equal(sessions[0]?.id, "zz-alive");
  Deno.writeTextFileSync(join(lab.sessionsDir, "old-1/session.json"), "{ half");
  equal(listSessions(lab.sessionsDir).length, 300);
});

Deno.test("a clock that was set makes nobody idle for days, reaps no fresh session and ends no wait", async () => {
  await using lab = new SessionLab();
  const { dir } = await lab.start("s", "echo a; exec cat");
  await lab.until("it writes", () => lab.log("s").includes("a"));
  const living = lab.session("s")!;
  const day = 86_400_000;
  equal(idleMs(living, Date.now() - day), 0);
  // The log's time lies before the clock was set forth: no longer idle than since the start.
  Deno.utimeSync(join(dir, "output.log"), new Date(0), new Date(0));
  ok(idleMs(living, Date.now()) <= Date.now() - living.record.started_at);
  // Waits measure their own time: a record of the future or the past does not end them.
  const record = JSON.parse(Deno.readTextFileSync(join(dir, "session.json")));
  Deno.writeTextFileSync(
    join(dir, "session.json"),
    JSON.stringify({ ...record, started_at: Date.now() + day }),
  );
  equal(await waitForExit(lab.sessionsDir, "s", 200), undefined);
  equal(idleMs(lab.session("s")!, Date.now()), 0);
  await killSession(lab.sessionsDir, "s");
  // Ended "tomorrow", by a clock that was set back since: kept. A living one is never reaped.
  await lab.start("alive", "exec cat");
  equal((await reapSessions(lab.sessionsDir, 1000, Date.now() - day)).length, 0);
  deepEqual(await reapSessions(lab.sessionsDir, 1000, Date.now() + 9 * day), ["s"]);
});
