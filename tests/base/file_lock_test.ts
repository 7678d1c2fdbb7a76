import { equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { isLocked, readLockPid, tryLock } from "../../src/base/file_lock.ts";

Deno.test("tryLock() is refused while another process holds the lock and free once that one is killed", async () => {
  const dir = Deno.makeTempDirSync();
  const path = join(dir, "lock");
  const script = `
    import { tryLock } from ${JSON.stringify(import.meta.resolve("../../src/base/file_lock.ts"))};
    const lock = tryLock(Deno.args[0]);
    console.log(lock ? "held" : "refused");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  `;
  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "data:text/typescript," + encodeURIComponent(script), path],
    stdout: "piped",
  }).spawn();
  const reader = holder.stdout.getReader();
  equal(new TextDecoder().decode((await reader.read()).value), "held\n");
  ok(isLocked(path));
  equal(tryLock(path), undefined);
  equal(readLockPid(path), holder.pid);
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  equal(isLocked(path), false);
  using mine = tryLock(path);
  ok(mine);
  Deno.removeSync(dir, { recursive: true });
});
