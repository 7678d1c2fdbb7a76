/**
 * Waits for a session's end, or for its output to be quiet. Woken by the supervisor, not by a clock.
 *
 * @module
 */
import { SIGKILL, SIGTERM } from "../libc/constants.ts";
import { findSession, getSession, type Session } from "./registry.ts";
import { pathsIn } from "./session_paths.ts";
import { subscribe } from "./subscription.ts";

/**
 * Waits until a session's present incarnation has ended.
 *
 * @param timeoutMs `Infinity` waits without end.
 * @returns Its exit code: 128+n after a signal, 137 for `dead`; undefined at the timeout.
 */
export async function waitForExit(
  sessionsDir: string,
  id: string,
  timeoutMs = Infinity,
): Promise<number | undefined> {
  const first = getSession(sessionsDir, id);
  if (!first.isAlive) return exitCodeOf(first);
  const deadline = performance.now() + timeoutMs;
  using changes = subscribe(first.dir);
  for (;;) {
    if (await changes.changed(deadline) === "timeout") return undefined;
    const session = findSession(sessionsDir, id);
    // Another incarnation has its place: the one that was waited for was ended for it.
    if (session?.record.incarnation !== first.record.incarnation) return 128 + SIGTERM;
    if (!session.isAlive) return exitCodeOf(session);
  }
}

/** Returns what a shell would say of a session's end. */
export function exitCodeOf({ state, record }: Session): number {
  if (state === "dead") return 128 + SIGKILL;
  return record.signal === null ? record.exit_code ?? 0 : 128 + record.signal;
}

/**
 * Waits until a session has written nothing for a while, or has ended.
 *
 * @returns Whether that came before the timeout.
 */
export async function waitForQuiet(
  sessionsDir: string,
  id: string,
  { settleMs, timeoutMs }: { readonly settleMs: number; readonly timeoutMs: number },
): Promise<boolean> {
  const session = getSession(sessionsDir, id);
  if (!session.isAlive) return true;
  const { log } = pathsIn(session.dir);
  const start = performance.now();
  const deadline = start + timeoutMs;
  using changes = subscribe(session.dir);
  let lastGrowth = start;
  let stamp = stampOf(log);
  for (;;) {
    const quietAt = lastGrowth + settleMs;
    const wake = await changes.changed(Math.min(quietAt, deadline));
    if (wake === "ended") return true;
    const now = performance.now();
    const newStamp = stampOf(log);
    if (newStamp !== stamp) {
      stamp = newStamp;
      lastGrowth = now;
    } else if (now >= quietAt) return true;
    if (now >= deadline) return false;
    if (!findSession(sessionsDir, id)?.isAlive) return true;
  }
}

function stampOf(log: string): string {
  try {
    const { size, mtime, ino } = Deno.statSync(log);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch {
    return ""; // Deleted; it comes back with the next output.
  }
}
