/**
 * The flag by which a session asks for a human. It belongs to one incarnation and needs no
 * supervisor.
 *
 * @module
 */
import { removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { getLivingSession, getSession } from "./registry.ts";
import { pathsIn } from "./session_paths.ts";
import { writeLine } from "./subscription.ts";

/**
 * Raises a session's flag, or changes its note.
 *
 * @throws {LooopError} When the session is not alive.
 */
export function raiseFlag(sessionsDir: string, id: string, note: string): void {
  const { dir, record } = getLivingSession(sessionsDir, id);
  const flag = { incarnation: record.incarnation, note, raised_at: Date.now() };
  writeFileAtomic(pathsIn(dir).flag, JSON.stringify(flag) + "\n", { flush: false });
  wakeSubscribers(dir);
}

/** Takes a session's flag down; one that is not up is fine. */
export function clearFlag(sessionsDir: string, id: string): void {
  const { dir } = getSession(sessionsDir, id);
  removeIfThere(pathsIn(dir).flag);
  wakeSubscribers(dir);
}

/** Whoever watches the session shall look again. Nobody waits for an answer. */
function wakeSubscribers(dir: string): void {
  writeLine(pathsIn(dir).control, { op: "wake", reply: "none" });
}
