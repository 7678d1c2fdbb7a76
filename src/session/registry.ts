/**
 * The sessions on disk: what each one is now, whether it lives, its flag.
 *
 * @module
 */
import { basename, join } from "node:path";
import { readTextIfThere } from "../base/atomic_file.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { isLocked } from "../base/file_lock.ts";
import { findNearest } from "../base/nearest.ts";
import { isSessionId, pathsIn, sessionPaths } from "./session_paths.ts";
import { readRecord, type SessionRecord } from "./session_record.ts";

/** A session's state; `dead` is one whose supervisor vanished. */
export type SessionState = SessionRecord["state"] | "dead";

/** One session as it is at this moment. */
export interface Session {
  readonly id: string;
  readonly dir: string;
  readonly state: SessionState;
  /** Starting or running, and its supervisor holds its lock. */
  readonly isAlive: boolean;
  readonly record: SessionRecord;
  /** What was asked of a human; undefined when none is up, or it is over. */
  readonly flag: string | undefined;
}

/** Reads one session; undefined where there is none of this id. */
export function findSession(sessionsDir: string, id: string): Session | undefined {
  return readSession(sessionPaths(sessionsDir, id).dir);
}

/**
 * Reads one session.
 *
 * @throws {LooopError} When there is none of this id (exit code 1).
 */
export function getSession(sessionsDir: string, id: string): Session {
  const session = findSession(sessionsDir, id);
  if (session) return session;
  const nearest = findNearest(id, listSessions(sessionsDir).map((known) => known.id));
  throw new LooopError(`there is no session "${id}"`, {
    hint: nearest === undefined ? "`looop ls` lists them" : `did you mean "${nearest}"?`,
  });
}

/**
 * Reads one session that must be alive.
 *
 * @throws {LooopError} When there is none of this id, or it is over (exit code 1).
 */
export function getLivingSession(sessionsDir: string, id: string): Session {
  const session = getSession(sessionsDir, id);
  if (session.isAlive) return session;
  throw new LooopError(`the session "${id}" is not alive (${session.state})`, {
    hint: `\`looop log ${id}\` shows what it wrote, \`looop restart ${id}\` starts it again`,
  });
}

/** Reads all sessions, the living first, then by start. */
export function listSessions(sessionsDir: string): readonly Session[] {
  const sessions: Session[] = [];
  for (const { name, isDirectory } of entriesOf(sessionsDir)) {
    if (!isDirectory || !isSessionId(name)) continue;
    const session = readSession(join(sessionsDir, name));
    if (session) sessions.push(session);
  }
  return sessions.sort((a, b) =>
    Number(b.isAlive) - Number(a.isAlive) || a.record.started_at - b.record.started_at ||
    a.id.localeCompare(b.id)
  );
}

/** Returns how long a session has written nothing. */
export function idleMs(session: Session, now = Date.now()): number {
  try {
    const written = Deno.statSync(pathsIn(session.dir).log).mtime?.getTime() ?? now;
    // A clock that was set back or forth between the two shall not make it older than the session.
    return Math.max(0, now - Math.max(written, session.record.started_at));
  } catch {
    return Math.max(0, now - session.record.started_at); // No log (any more): nothing was written.
  }
}

function readSession(dir: string): Session | undefined {
  const paths = pathsIn(dir);
  const record = readRecord(paths.record);
  // A record that names another session was not written here.
  if (record?.id !== basename(dir)) return undefined;
  const isOpen = record.state === "starting" || record.state === "running";
  const isAlive = isOpen && isLocked(paths.lock);
  if (isOpen && !isAlive) {
    // It may have ended between the two looks.
    const again = readRecord(paths.record) ?? record;
    const hasEnded = again.state === "exited" || again.state === "killed";
    return describe(dir, again, hasEnded ? again.state : "dead", false);
  }
  return describe(dir, record, record.state, isAlive);
}

function describe(
  dir: string,
  record: SessionRecord,
  state: SessionState,
  isAlive: boolean,
): Session {
  const flag = isAlive ? readFlag(dir, record.incarnation) : undefined;
  return { id: record.id, dir, state, isAlive, record, flag };
}

function readFlag(dir: string, incarnation: string): string | undefined {
  try {
    const text = readTextIfThere(pathsIn(dir).flag);
    if (text === undefined) return undefined;
    const flag = JSON.parse(text);
    return flag.incarnation === incarnation ? String(flag.note) : undefined;
  } catch {
    return undefined; // Not written by looop.
  }
}

function entriesOf(dir: string): Iterable<Deno.DirEntry> {
  try {
    return [...Deno.readDirSync(dir)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new LooopError(`cannot list the sessions in ${dir}: ${messageOf(error)}`, {
      hint: "check what it is, its owner and its mode",
      cause: error,
    });
  }
}
