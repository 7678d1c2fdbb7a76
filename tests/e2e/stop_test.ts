import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { Home } from "../helpers/home.ts";
import { isRunning } from "../helpers/processes.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Starts a beat and returns once the file `ready` stands in the home. */
async function startTick(home: Home): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", MAIN, "tick"],
    env: home.env(),
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const deadline = performance.now() + 30_000;
  while ((home.read("../ready") ?? "") === "") {
    if (performance.now() > deadline) throw new Error("the beat did not come so far");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

const LONG = (home: Home) =>
  `sleep 300 & echo $! > ${home.dir}/pid; echo > ${home.dir}/ready; wait`;
const pidOf = (home: Home) => Number(home.read("../pid"));

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  Deno.test(`a beat that gets ${signal} while deciding is no failure; the next one decides at once`, async () => {
    using home = new Home();
    home.write("PLAYBOOK.md", "# Playbook\n");
    home.configure(`cat > /dev/null; ${LONG(home)}`);
    const child = await startTick(home);
    child.kill(signal);
    equal((await child.status).code, 130);
    equal(isRunning(pidOf(home)), false, "the runner is gone");
    deepEqual(home.journal, []);
    equal(home.read(".tick-backoff"), undefined);
    equal(home.read(".beat"), undefined);
    home.decideAlways({ action: "noop", reason: "calm" });
    const next = await home.looop(["tick"]);
    equal(next.code, 0, next.stdout + next.stderr);
    deepEqual(home.journal, ["noop: calm"]);
  });
}

Deno.test("a runner that hears of the end before its beat does is no failure either", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.configure(`cat > /dev/null; ${LONG(home)}; exit 7`);
  const child = await startTick(home);
  Deno.kill(pidOf(home), "SIGTERM");
  child.kill("SIGTERM");
  equal((await child.status).code, 130);
  equal(home.read(".tick-backoff"), undefined);
  deepEqual(home.journal, []);
});

Deno.test("a run_shell that the stop interrupts is journaled as interrupted, and is not repeated", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  Deno.writeTextFileSync(join(home.dir, "long.sh"), LONG(home));
  home.decideAlways({ action: "run_shell", cmd: `. ${home.dir}/long.sh`, reason: "r" });
  const child = await startTick(home);
  child.kill("SIGTERM");
  equal((await child.status).code, 130);
  equal(isRunning(pidOf(home)), false, "the command is gone");
  equal(home.journal.length, 1);
  match(home.journal[0]!, /^failed: .*long\.sh: was interrupted/);
  equal(home.read(".intent"), undefined);
});

Deno.test("a beat that is killed while deciding leaves no runner behind, and its call is not free", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.configure(`cat > /dev/null; ${LONG(home)}`, { max_daily_usd: 5 });
  const child = await startTick(home);
  child.kill("SIGKILL");
  await child.status;
  equal(isRunning(pidOf(home)), true);
  const next = await home.looop(["tick"]);
  equal(isRunning(pidOf(home)), false, "the orphan is gone");
  equal(next.code, 1);
  match(next.stdout, /budget: a run of today named no cost/);
  match(home.read("cost.jsonl") ?? "", /"cost_usd":null/);
});
