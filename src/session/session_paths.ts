/**
 * Ids of sessions and the files in a session's folder. A path never leaves the sessions' folder,
 * through a symbolic link neither.
 *
 * @module
 */
import { join } from "node:path";
import { LooopError, UsageError } from "../base/errors.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Tells whether a text can be a session's id. */
export function isSessionId(text: string): boolean {
  return ID.test(text);
}

/** The files of one session. */
export interface SessionPaths {
  readonly dir: string;
  /** State, command, size (session_record.ts). */
  readonly record: string;
  /** Held by the supervisor for its whole life. */
  readonly lock: string;
  /** Held by whoever starts or removes the session, while it does. */
  readonly startLock: string;
  readonly flag: string;
  /** Every byte of output, up to the limit; where it begins; times and sizes by offset. */
  readonly log: string;
  readonly logBase: string;
  readonly logIndex: string;
  /** The FIFO that takes requests. */
  readonly control: string;
  /** The last screen, once the session has ended. */
  readonly screen: string;
  /** What went wrong inside the supervisor, if anything did. */
  readonly trouble: string;
}

/**
 * Names the files of a session.
 *
 * @throws {UsageError} When `id` is none (exit code 2).
 * @throws {LooopError} When the session's folder is a symbolic link.
 */
export function sessionPaths(sessionsDir: string, id: string): SessionPaths {
  if (!isSessionId(id)) {
    throw new UsageError(
      `"${id}" is not a session id`,
      "Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first",
    );
  }
  const dir = join(sessionsDir, id);
  if (isSymlink(dir)) {
    throw new LooopError(`${dir} is a symbolic link, not a session's folder`, {
      hint: "remove the link",
    });
  }
  return pathsIn(dir);
}

/** Names the files in a session's folder that was checked already. */
export function pathsIn(dir: string): SessionPaths {
  return {
    dir,
    record: join(dir, "session.json"),
    lock: join(dir, "supervisor.lock"),
    startLock: join(dir, "start.lock"),
    flag: join(dir, "flag.json"),
    log: join(dir, "output.log"),
    logBase: join(dir, "output.base"),
    logIndex: join(dir, "output.idx"),
    control: join(dir, "control"),
    screen: join(dir, "screen.json"),
    trouble: join(dir, "supervisor.err"),
  };
}

function isSymlink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
