/**
 * Removes the folders of sessions that are over.
 *
 * @module
 */
import { join } from "node:path";
import { isLocked, tryLock } from "../base/file_lock.ts";
import { waitForLastSupervisor } from "./last_supervisor.ts";
import { endLeftovers } from "./leftovers.ts";
import { findSession, listSessions, type Session } from "./registry.ts";
import { isSessionId, pathsIn } from "./session_paths.ts";

/**
 * Removes all sessions that are over.
 *
 * @returns Their ids.
 */
export async function pruneSessions(sessionsDir: string): Promise<readonly string[]> {
  const removed = await removeWhere(sessionsDir, () => true);
  sweepTorn(sessionsDir, Date.now(), PRUNED_TORN_MS);
  return removed;
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
  const removed = await removeWhere(sessionsDir, (session) => now - endedAt(session) > ttlMs);
  sweepTorn(sessionsDir, now, TORN_MS);
  return removed;
}

/** A folder without a record this old was never begun, or its removal was cut off. */
const TORN_MS = 3_600_000;
/** Where a person asks for it, only what may be beginning at this moment is spared. */
const PRUNED_TORN_MS = 60_000;

/** Removes what crashes left: halves of removals, and starts that never came to a supervisor. */
function sweepTorn(sessionsDir: string, now: number, tornMs: number): void {
  for (const name of namesIn(sessionsDir)) {
    const dir = join(sessionsDir, name);
    if (name.startsWith(".gone-")) {
      if (now - changedAt(dir) > tornMs) Deno.removeSync(dir, { recursive: true });
      continue;
    }
    if (!isSessionId(name) || now - changedAt(dir) <= tornMs) continue;
    if (findSession(sessionsDir, name) !== undefined) continue;
    const paths = pathsIn(dir);
    using starting = tryLock(paths.startLock);
    if (!starting || isLocked(paths.lock) || findSession(sessionsDir, name)) continue;
    Deno.removeSync(dir, { recursive: true });
  }
}

function changedAt(dir: string): number {
  try {
    const { mtime, isDirectory } = Deno.lstatSync(dir);
    return isDirectory ? mtime?.getTime() ?? Infinity : Infinity;
  } catch {
    return Infinity; // Gone meanwhile.
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
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
