/**
 * Tells from the sessions on disk whether an asker still lives.
 *
 * @module
 */
import { findSession } from "../session/registry.ts";
import { isSessionId } from "../session/session_paths.ts";
import type { IsAlive } from "./asker_gone.ts";

/** Builds the check; a session that began anew is another one. */
export function isAliveIn(sessionsDir: string): IsAlive {
  return (session, incarnation) => {
    if (!isSessionId(session)) return false;
    const found = findSession(sessionsDir, session);
    return found !== undefined && found.isAlive && found.record.incarnation === incarnation;
  };
}
