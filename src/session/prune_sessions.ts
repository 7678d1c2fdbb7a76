/**
 * Removes the folders of sessions that are over.
 *
 * @module
 */
import { join } from "node:path";
import { tryLock } from "../base/file_lock.ts";
import { waitForLastSupervisor } from "./last_supervisor.ts";
import { endLeftovers } from "./leftovers.ts";
import { findSession, listSessions, type Session } from "./registry.ts";
import { pathsIn } from "./session_paths.ts";

/**
 * Removes all sessions that are over.
 *
 * @returns Their ids.
 */
export async function pruneSessions(sessionsDir: string): Promise<readonly string[]> {
  return await removeWhere(sessionsDir, () => true);
}

/**
 * Removes the sessions that have been over for longer than `ttlMs`.
 *
 * @returns Their ids.
 */
export async function reapSessions(
  sessionsDir: string,
  ttlMs: number,
  now = Date.now(),
): Promise<readonly string[]> {
  return await removeWhere(sessionsDir, (session) => now - endedAt(session) > ttlMs);
}

async function removeWhere(
  sessionsDir: string,
  isMeant: (session: Session) => boolean,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const session of listSessions(sessionsDir)) {
    if (session.isAlive || !isMeant(session)) continue;
    const paths = pathsIn(session.dir);
    using starting = tryLock(paths.startLock);
    if (!starting) continue; // Somebody starts it anew at this moment.
    if (!await waitForLastSupervisor(paths.lock)) continue;
    if (findSession(sessionsDir, session.id)?.isAlive ?? true) continue;
    if (!await endLeftovers(session)) continue;
    // Out of the way in one step: no half-removed session can be seen.
    const grave = join(sessionsDir, `.gone-${crypto.randomUUID()}`);
    Deno.renameSync(session.dir, grave);
    Deno.removeSync(grave, { recursive: true });
    removed.push(session.id);
  }
  return removed;
}

/** When a session ended; of a dead one, when it last gave a sign of life. */
function endedAt({ dir, record }: Session): number {
  if (record.ended_at !== null) return record.ended_at;
  try {
    return Deno.statSync(pathsIn(dir).log).mtime?.getTime() ?? record.started_at;
  } catch {
    return record.started_at; // It never wrote.
  }
}
