import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { formatSpec } from "../../src/session/session_record.ts";
import { launchSupervisor, type WaitingSupervisor } from "../../src/session/launch_supervisor.ts";
import { SessionLab, SUPERVISOR } from "../helpers/session_lab.ts";

async function ended(supervisor: WaitingSupervisor): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!supervisor.hasEnded()) {
    ok(performance.now() < deadline, "it has ended");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("a supervisor that is told no session, or half of one, ends and leaves nothing", async () => {
  const dir = Deno.makeTempDirSync({ prefix: "looop-test-" });
  const spec = formatSpec({
    dir,
    id: "half",
    incarnation: "i",
    command: ["true"],
    restart_command: null,
    cwd: dir,
    env: {},
    cols: 80,
    rows: 24,
    log_max_bytes: 1000,
    backend: "auto",
    reply: "r",
  });
  try {
    for (const told of [undefined, "", spec.slice(0, -1), "{}", "null"]) {
      let kept: WaitingSupervisor;
      {
        await using supervisor = launchSupervisor([...SUPERVISOR, "half"]);
        if (told !== undefined) await supervisor.tell(told);
        kept = supervisor;
      }
      await ended(kept);
      deepEqual([...Deno.readDirSync(dir)], []);
    }
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});

Deno.test("a session holds nothing open of whoever started it: a script's lock is free when it ends", async () => {
  await using lab = new SessionLab();
  const lock = join(lab.root, "lock");
  const supervisor = ["bash", "-c", 'exec 9>"$0" 250<&9; flock 9; exec "$@"', lock, ...SUPERVISOR];
  await lab.start(
    "free",
    "for n in 9 250; do : 2>/dev/null >&$n && echo has $n; done; echo looked; cat",
    {
      supervisor,
    },
  );
  await lab.until("the command has looked", () => lab.log("free").includes("looked"));
  equal(lab.log("free"), "looked\r\n");
  const { success } = new Deno.Command("flock", { args: ["-n", lock, "true"] }).outputSync();
  ok(success, "the lock is free");
});
