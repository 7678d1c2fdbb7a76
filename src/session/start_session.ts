/**
 * Starts sessions: prepares the folder and launches a supervisor that outlives its starter.
 *
 * @module
 */
import { ensurePrivateDir } from "../base/atomic_file.ts";
import { LooopError } from "../base/errors.ts";
import { type HeldLock, tryLock } from "../base/file_lock.ts";
import type { BackendChoice } from "../pty/start_pty.ts";
import { ReplyFifo } from "./channel.ts";
import { chosenBackend, sessionEnvironment } from "./environment.ts";
import { endLeftovers } from "./leftovers.ts";
import { launchSupervisor, type WaitingSupervisor } from "./launch_supervisor.ts";
import { waitForLastSupervisor } from "./last_supervisor.ts";
import { findSession } from "./registry.ts";
import { type SessionPaths, sessionPaths } from "./session_paths.ts";
import { formatSpec } from "./session_record.ts";

/** The size of a terminal that nobody has looked at yet. */
export const DEFAULT_SIZE = { cols: 120, rows: 40 } as const;
/** A session's log, after which the older half goes. */
export const DEFAULT_LOG_MAX_BYTES = 64 * 1024 * 1024;

/** A machine that starts a hundred sessions at once is slow to answer, not broken. */
const START_LIMIT_MS = 60_000;
/** How long a start waits for a lock that nobody may really hold. */
const SOON_MS = 200;

/** What to start, and how. */
export interface StartOptions {
  readonly sessionsDir: string;
  /**
   * The command line that keeps a session, to which the id is added for `ps`; or a supervisor that was
   * started ahead of time.
   */
  readonly supervisor: readonly string[] | WaitingSupervisor;
  readonly command: readonly string[];
  /** What a restart runs instead. */
  readonly restartCommand?: readonly string[];
  readonly cwd: string;
  /** The whole environment of the command, to which looop adds its marks. */
  readonly env: Readonly<Record<string, string>>;
  readonly cols?: number;
  readonly rows?: number;
  readonly logMaxBytes?: number;
  /** Left out: what `LOOOP_PTY` says, else "auto". */
  readonly backend?: BackendChoice;
  /** Called once it is sure that the id is free. */
  readonly beforeStart?: () => void;
}

/** Names the session that was started. */
export interface StartedSession {
  readonly id: string;
  readonly incarnation: string;
  readonly dir: string;
}

/**
 * Starts a session and waits until its command runs. The folder of a dead one is used again.
 *
 * @throws {LooopError} When the id lives already, or when the command cannot be started.
 */
export async function startSession(id: string, options: StartOptions): Promise<StartedSession> {
  const paths = sessionPaths(options.sessionsDir, id);
  ensurePrivateDir(options.sessionsDir);
  ensurePrivateDir(paths.dir);
  using starting = await lockSoon(paths.startLock);
  if (!starting) throw new LooopError(`the session "${id}" is being started or removed already`);
  const before = findSession(options.sessionsDir, id);
  if (before?.isAlive) {
    throw new LooopError(`the session "${id}" lives already`, {
      hint: `\`looop kill ${id}\` ends it, \`looop restart ${id}\` begins anew`,
    });
  }
  if (before) await endLeftovers(before);
  await waitForLastSupervisor(paths.lock);
  clearFolder(paths);
  options.beforeStart?.();
  const incarnation = crypto.randomUUID();
  using reply = new ReplyFifo(paths.dir);
  const { supervisor } = options;
  await using keeper = "tell" in supervisor ? supervisor : launchSupervisor([...supervisor, id]);
  await keeper.tell(formatSpec({
    dir: paths.dir,
    id,
    incarnation,
    command: [...options.command],
    restart_command: options.restartCommand ? [...options.restartCommand] : null,
    cwd: options.cwd,
    env: sessionEnvironment(options.env, { id, incarnation }),
    cols: options.cols ?? DEFAULT_SIZE.cols,
    rows: options.rows ?? DEFAULT_SIZE.rows,
    log_max_bytes: options.logMaxBytes ?? DEFAULT_LOG_MAX_BYTES,
    backend: options.backend ?? chosenBackend(),
    reply: reply.name,
  }));
  const answer = await reply.line(START_LIMIT_MS, keeper.hasEnded);
  if (answer.ok) return { id, incarnation, dir: paths.dir };
  throw new LooopError(`cannot start the session "${id}": ${answer["error"]}`);
}

/**
 * Takes a lock that may be free in a moment: between its fork and its exec a child of ours holds what we
 * had open, a lock that we have let go of included.
 */
async function lockSoon(path: string): Promise<HeldLock | undefined> {
  const deadline = performance.now() + SOON_MS;
  for (;;) {
    const lock = tryLock(path);
    if (lock || performance.now() > deadline) return lock;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * Empties the folder of the life before. Its record stays until the new supervisor replaces it: without
 * one, nobody knows of the session.
 */
function clearFolder({ dir, startLock, lock, record }: SessionPaths): void {
  const paths = [...Deno.readDirSync(dir)].map(({ name }) => `${dir}/${name}`)
    .filter((path) => ![startLock, lock, record].includes(path));
  for (const path of paths) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      // Whoever waited for the life before removes their own FIFO.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
