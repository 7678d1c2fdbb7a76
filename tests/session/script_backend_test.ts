import { equal, match } from "node:assert/strict";
import { request } from "../../src/session/channel.ts";
import { killSession } from "../../src/session/end_session.ts";
import { waitForExit } from "../../src/session/wait_session.ts";
import { SessionLab } from "../helpers/session_lab.ts";

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
