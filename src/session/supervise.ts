/**
 * The whole life of a supervisor process, from its folder to its end.
 *
 * @module
 */
import { join } from "node:path";
import { type HeldLock, tryLock } from "../base/file_lock.ts";
import { messageOf } from "../base/errors.ts";
import { closeFd, openFd, writeFd } from "../libc/descriptors.ts";
import { pathsIn } from "./session_paths.ts";
import { takeSpec } from "./session_record.ts";
import { Supervisor } from "./supervisor.ts";
import type { SupervisorParts } from "./supervisor_parts.ts";

/** The last supervisor of this folder may still be on its way out. */
const LOCK_LIMIT_MS = 5000;

/**
 * Keeps the session of a folder until it has ended.
 *
 * @param dir The session's folder, with a `spec.json` in it.
 * @param loadParts Loads what keeps the screen; the command is started before it.
 * @returns The exit code of the process.
 */
export async function supervise(
  dir: string,
  loadParts?: () => Promise<SupervisorParts>,
): Promise<number> {
  const paths = pathsIn(dir);
  const spec = takeSpec(paths.spec);
  const replyFd = openFd(join(dir, spec.reply), "write");
  const reply = (answer: Readonly<Record<string, unknown>>) => {
    if (replyFd < 0) return;
    writeFd(replyFd, new TextEncoder().encode(JSON.stringify(answer) + "\n"));
    closeFd(replyFd);
  };
  const lock = await waitForLock(paths.lock);
  if (!lock) {
    reply({ ok: false, error: "another supervisor holds this session" });
    return 1;
  }
  let supervisor: Supervisor;
  try {
    supervisor = new Supervisor(paths, spec);
  } catch (error) {
    lock.release();
    reply({ ok: false, error: messageOf(error) });
    return 1;
  }
  reply({ ok: true, incarnation: spec.incarnation });
  if (loadParts) supervisor.equip(loadParts);
  await supervisor.run();
  lock.release();
  return 0;
}

async function waitForLock(path: string): Promise<HeldLock | undefined> {
  const start = performance.now();
  for (;;) {
    const lock = tryLock(path);
    if (lock || performance.now() - start > LOCK_LIMIT_MS) return lock;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
