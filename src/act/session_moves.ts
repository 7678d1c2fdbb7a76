/**
 * The moves that start and drive workers. A worker that waits for the human is the human's to drive.
 *
 * @module
 */
import { LooopError, messageOf } from "../base/errors.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { hasOpenQuestion } from "../question/list_questions.ts";
import { encodeKey } from "../session/keys.ts";
import { findSession, listSessions, type Session } from "../session/registry.ts";
import { typeKeys, typeText } from "../session/type_input.ts";
import type { Effect, MoveOf } from "./moves.ts";
import { RefusedMove } from "./refused_move.ts";

/** How long a worker may take to read what is typed. */
const TYPE_TIMEOUT_MS = 10_000;

/** What the session moves need. */
export interface SessionMoveContext {
  readonly sessionsDir: string;
  readonly asksDir: string;
  readonly workers: WorkerPort;
  /** Live workers that `start_worker` may reach; 0 is no limit. */
  readonly maxWorkers: number;
  readonly runnerNames: readonly string[];
}

/** Starts workers with all that belongs to one: contract, environment, runner. */
export interface WorkerPort {
  start(
    id: string,
    request: { readonly prompt: string; readonly runner?: string | undefined },
  ): Promise<unknown>;
  restart(id: string): Promise<unknown>;
  /** Tells which sessions are workers. */
  isWorker(session: Session): boolean;
}

/** A move that drives a session. */
export type DrivingMove = MoveOf<"steer_session" | "send_key" | "restart_session">;

/** Refuses to start a worker whose id lives, whose runner is unknown, or who would be one too many. */
export function checkStart(move: MoveOf<"start_worker">, context: SessionMoveContext): void {
  const { action, id, runner } = move;
  const { sessionsDir, maxWorkers, runnerNames, workers } = context;
  if (findSession(sessionsDir, id)?.isAlive) {
    throw new RefusedMove(action, "id", `a worker "${id}" lives already`);
  }
  if (runner !== undefined && !runnerNames.includes(runner)) {
    throw new RefusedMove(
      action,
      "runner",
      `no runner "${runner}"; write one of ${runnerNames.join(", ")}`,
    );
  }
  const living = listSessions(sessionsDir).filter((each) => each.isAlive && workers.isWorker(each));
  if (maxWorkers === 0 || living.length < maxWorkers) return;
  throw new RefusedMove(
    action,
    "id",
    `${living.length} workers live already, the limit is ${maxWorkers}`,
  );
}

/** Refuses to drive a worker that is not there, is over, or waits for the human. */
export function checkDriving(move: DrivingMove, context: SessionMoveContext): void {
  const { action, id } = move;
  const session = findSession(context.sessionsDir, id);
  if (!session) throw new RefusedMove(action, "id", `there is no worker "${id}"`);
  if (session.isAlive && session.flag !== undefined) {
    throw new RefusedMove(action, "id", `worker "${id}" is flagged; the human answers it`);
  }
  if (session.isAlive && hasOpenQuestion(context.asksDir, id, isAliveIn(context.sessionsDir))) {
    throw new RefusedMove(
      action,
      "id",
      `worker "${id}" has an open question; the human answers it`,
    );
  }
  if (move.action === "restart_session") return;
  if (!session.isAlive) throw new RefusedMove(action, "id", `worker "${id}" is ${session.state}`);
  if (move.action === "steer_session") return;
  for (const key of move.keys) {
    try {
      encodeKey(key, { isAppCursor: false });
    } catch (error) {
      const hint = error instanceof LooopError && error.hint !== "" ? `; ${error.hint}` : "";
      throw new RefusedMove(action, "keys", messageOf(error) + hint);
    }
  }
}

/** Starts a worker. */
export async function startWorker(
  { id, prompt, runner }: MoveOf<"start_worker">,
  { workers }: SessionMoveContext,
): Promise<Effect> {
  await workers.start(id, { prompt, runner });
  return { summary: `start_worker ${id}` };
}

/** Types a text and Enter, or keys, into a worker; or starts its command again. */
export async function driveSession(
  move: DrivingMove,
  { sessionsDir, workers }: SessionMoveContext,
): Promise<Effect> {
  const { action, id } = move;
  if (move.action === "restart_session") {
    await workers.restart(id);
    return { summary: `${action} ${id}` };
  }
  const session = findSession(sessionsDir, id);
  if (!session) throw new RefusedMove(action, "id", `there is no worker "${id}"`);
  const timeoutMs = TYPE_TIMEOUT_MS;
  if (move.action === "send_key") {
    await typeKeys(session.dir, move.keys, { timeoutMs });
    return { summary: `${action} ${id} ${move.keys.join(" ")}` };
  }
  const typed = await typeText(session.dir, move.input, { timeoutMs, isEnterWanted: true });
  return { summary: `${action} ${id}${typed.isSeen ? "" : " (not seen on its screen)"}` };
}
