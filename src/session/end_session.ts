/**
 * Ends and restarts sessions, from outside the supervisor.
 *
 * @module
 */
import { LooopError, TimeoutError } from "../base/errors.ts";
import { endTree } from "../libc/process_tree.ts";
import { request, SupervisorGone } from "./channel.ts";
import { SESSION_MARK_VARIABLE, SUPERVISOR_VARIABLE } from "./environment.ts";
import { endLeftovers } from "./leftovers.ts";
import { getLivingSession, getSession, type Session } from "./registry.ts";
import { type StartedSession, type StartOptions, startSession } from "./start_session.ts";

/** A supervisor ends its tree within 5 s; one that has not answered by then is stuck itself. */
const KILL_LIMIT_MS = 5500;

/** What `killSession()` found. */
export type KillOutcome = "ended" | "was over";

/**
 * Ends a session and its whole process tree; of a dead one, what it left running.
 *
 * @throws {LooopError} When there is no such session, or something of it survives.
 */
export async function killSession(sessionsDir: string, id: string): Promise<KillOutcome> {
  const session = getSession(sessionsDir, id);
  if (!session.isAlive) {
    if (await endLeftovers(session)) return "was over";
    throw survived(id);
  }
  try {
    const { tree_gone: isTreeGone } = await request(session.dir, "kill", {}, KILL_LIMIT_MS);
    if (isTreeGone === false) throw survived(id);
  } catch (error) {
    if (error instanceof TimeoutError) await endByForce(session);
    else if (error instanceof SupervisorGone) await endLeftovers(getSession(sessionsDir, id));
    else throw error;
  }
  return "ended";
}

/** For a supervisor that is stopped or stuck: ends it, then what it kept. */
async function endByForce(session: Session): Promise<void> {
  const supervisor = session.record.supervisor_pid;
  const now = { graceMs: 0, limitMs: 2000 };
  const mark = `${SESSION_MARK_VARIABLE}=${session.record.incarnation}`;
  if (supervisor !== null) {
    await endTree({ below: supervisor, exceptVariable: SUPERVISOR_VARIABLE }, now);
    const { signalProcess } = await import("../libc/processes.ts");
    const { SIGKILL } = await import("../libc/constants.ts");
    signalProcess(supervisor, SIGKILL);
  }
  await endTree({ mark, exceptVariable: SUPERVISOR_VARIABLE }, now);
}

function survived(id: string): LooopError {
  return new LooopError(`some process of the session "${id}" could not be ended`, {
    hint: `\`ps -ef\` shows it; \`looop kill ${id}\` tries again`,
  });
}

/** What a restart may change. */
export interface RestartOptions extends Omit<StartOptions, "command" | "cwd" | "cols" | "rows"> {
  /** Left out: what the session was given for a restart, else the command of before. */
  readonly command?: readonly string[];
}

/**
 * Starts a session anew under its id and with its size: a new incarnation with a new log.
 *
 * @throws {LooopError} When there is no such session, or it cannot be ended or started.
 */
export async function restartSession(
  id: string,
  options: RestartOptions,
): Promise<StartedSession> {
  const { record } = getSession(options.sessionsDir, id);
  await killSession(options.sessionsDir, id);
  const { cols, rows } = getSession(options.sessionsDir, id).record;
  const restart = record.restart_command;
  return await startSession(id, {
    ...options,
    command: options.command ?? restart ?? record.command,
    ...(restart && { restartCommand: restart }),
    cwd: record.cwd,
    cols,
    rows,
  });
}

/**
 * Sets a session's size.
 *
 * @throws {LooopError} When it is not alive or cannot be resized.
 */
export async function resizeSession(
  sessionsDir: string,
  id: string,
  cols: number,
  rows: number,
): Promise<void> {
  const session = getLivingSession(sessionsDir, id);
  await request(session.dir, "resize", { cols, rows });
}
