/**
 * The whole life of a supervisor process, from what it is told to its end.
 *
 * @module
 */
import { join } from "node:path";
import { type HeldLock, tryLock } from "../base/file_lock.ts";
import { messageOf } from "../base/errors.ts";
import { closeFd, openFd, writeFd } from "../libc/descriptors.ts";
import { closeInheritedFds } from "../libc/inherited.ts";
import { pathsIn } from "./session_paths.ts";
import { parseSpec } from "./session_record.ts";
import { Supervisor } from "./supervisor.ts";
import type { SupervisorParts } from "./supervisor_parts.ts";

/** The last supervisor of this folder may still be on its way out. */
const LOCK_LIMIT_MS = 5000;

/**
 * Keeps a session until it has ended.
 *
 * @param input Tells which one; where it ends early, its writer thought better of it or was killed.
 * @param loadParts Loads what keeps the screen; the command is started before it.
 * @returns The exit code of the process.
 */
export async function supervise(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
  loadParts?: () => Promise<SupervisorParts>,
): Promise<number> {
  closeInheritedFds();
  const spec = parseSpec(await new Response(input).text());
  if (!spec) return 1;
  const paths = pathsIn(spec.dir);
  const replyFd = openFd(join(spec.dir, spec.reply), "write");
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
