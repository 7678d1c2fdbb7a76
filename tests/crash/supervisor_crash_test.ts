import { equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { isLocked } from "../../src/base/file_lock.ts";
import { findSession } from "../../src/session/registry.ts";
import { pathsIn } from "../../src/session/session_paths.ts";
import { startSession } from "../../src/session/start_session.ts";
import { Home } from "../helpers/home.ts";
import * as lab from "./crash_lab.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const KILLER = new URL("./kill_at_write.ts", import.meta.url).pathname;
const COMMAND = ["bash", "-c", "for n in 1 2 3 4 5 6; do echo line $n; sleep 0.03; done; exit 4"];
const WHOLE = [1, 2, 3, 4, 5, 6].map((n) => `line ${n}\r\n`).join("");

/** Starts a session whose supervisor runs under the killer. */
async function start(home: Home, kill: readonly string[]): Promise<void> {
  const deno = [Deno.execPath(), "run", "-A", "--no-check", "--quiet"];
  await startSession("s", {
    sessionsDir: join(home.dataDir, "sessions"),
    supervisor: kill.length === 0
      ? [...deno, MAIN, "_supervise"]
      : ["env", ...kill, ...deno, "--preload", KILLER, MAIN, "_supervise"],
    command: COMMAND,
    cwd: home.dir,
    env: home.env(),
  });
}

/** Waits until the supervisor has ended, however. */
async function ended(home: Home): Promise<string> {
  const dir = join(home.dataDir, "sessions", "s");
  const deadline = performance.now() + 30_000;
  for (;;) {
    const session = findSession(join(home.dataDir, "sessions"), "s");
    if (!session?.isAlive && !isLocked(pathsIn(dir).lock)) return dir;
    if (performance.now() > deadline) throw new Error(`still ${session?.state}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function newHome(): Home {
  const home = new Home();
  Deno.mkdirSync(join(home.dataDir, "sessions"), { recursive: true, mode: 0o700 });
  return home;
}

Deno.test("a supervisor killed at its writes leaves a defined session, a log without holes, and a free id", async () => {
  using rehearsal = newHome();
  const list = join(rehearsal.dir, "changes.log");
  await start(rehearsal, [`KILL_LOG=${list}`]);
  await ended(rehearsal);
  const changes = Deno.readTextFileSync(list).trim().split("\n");
  await lab.forEachPoint(lab.choosePoints(changes, 14), async ({ at, isTorn }) => {
    using home = newHome();
    const sessionsDir = join(home.dataDir, "sessions");
    await start(home, [`KILL_AT=${at}`, `KILL_TORN=${isTorn ? 1 : 0}`]).catch((error) => {
      ok(/cannot start the session|supervisor ended/.test(error.message), error.message);
    });
    const dir = await ended(home);
    const session = findSession(sessionsDir, "s");
    const log = (() => {
      try {
        return Deno.readTextFileSync(pathsIn(dir).log);
      } catch {
        return ""; // Killed before there was one.
      }
    })();
    ok(WHOLE.startsWith(log), `no holes: ${JSON.stringify(log)}`);
    if (session?.state === "exited") {
      equal(session.record.exit_code, 4);
      equal(log, WHOLE);
      equal((await home.looop(["wait", "s"])).code, 4);
    } else if (session) {
      equal(session.state, "dead");
      equal((await home.looop(["wait", "s"])).code, 137);
    }
    await start(home, []);
    await ended(home);
    equal(findSession(sessionsDir, "s")?.record.exit_code, 4);
    equal(Deno.readTextFileSync(pathsIn(dir).log), WHOLE);
    const left = [...Deno.readDirSync(dir)].map(({ name }) => name)
      .filter((name) => /^(\.tmp-|spec|r-)/.test(name));
    equal(left.join(), "", "nothing of the dead one is left");
  });
});
