/**
 * ACT: executes one move. looop is the only one that does; an LLM never gets here.
 *
 * @module
 */
import { runChild } from "../base/child.ts";
import type { Effect, Move, MoveOf } from "./moves.ts";
import { archiveGoal, type PolicyPaths, writePolicyFile } from "./policy_files.ts";
import { RefusedMove } from "./refused_move.ts";
import { runShell } from "./run_shell.ts";
import {
  checkDriving,
  checkStart,
  driveSession,
  type SessionMoveContext,
  startWorker,
} from "./session_moves.ts";

/** What the executors need. */
export interface ActContext extends SessionMoveContext {
  readonly dataDir: string;
  readonly policy: PolicyPaths;
  /** Environment of a `run_shell`. */
  readonly shellEnv: Readonly<Record<string, string>>;
  readonly shellTimeoutMs: number;
  readonly signal?: AbortSignal;
}

type Executors = {
  readonly [A in Move["action"]]: (
    move: MoveOf<A>,
    context: ActContext,
  ) => Effect | Promise<Effect>;
};

const EXECUTORS: Executors = {
  noop: ({ reason }) => ({ summary: `noop: ${reason}` }),
  run_shell: (move, context) =>
    runShell(move, {
      dataDir: context.dataDir,
      env: context.shellEnv,
      timeoutMs: context.shellTimeoutMs,
      ...(context.signal ? { signal: context.signal } : {}),
    }),
  write_goal: ({ id, body }, { policy }) => {
    writePolicyFile(policy.goalsDir, `${id}.md`, body);
    return { summary: `write_goal ${id}` };
  },
  archive_goal: ({ id }, { policy }) => {
    const name = archiveGoal(policy, id);
    return { summary: `archive_goal ${id}${name === `${id}.md` ? "" : ` as ${name}`}` };
  },
  write_sensor: ({ name, script }, { policy }) => {
    writePolicyFile(policy.sensorsDir, `${name}.sh`, script, 0o700);
    return { summary: `write_sensor ${name}` };
  },
  write_playbook: ({ body }, { dataDir }) => {
    writePolicyFile(dataDir, "PLAYBOOK.md", body);
    return { summary: "write_playbook" };
  },
  start_worker: startWorker,
  steer_session: driveSession,
  send_key: driveSession,
  restart_session: driveSession,
  send_notification: ({ message }) => ({ summary: `send_notification: ${message}` }),
};

/**
 * Checks what only the world can tell, before the move is written down as intent.
 *
 * @throws {RefusedMove} When the move cannot be made here and now.
 */
export async function checkMove(move: Move, context: ActContext): Promise<void> {
  switch (move.action) {
    case "archive_goal":
      return checkGoal(move, context.policy);
    case "write_sensor":
      return await checkScript(move, context.dataDir);
    case "start_worker":
      return checkStart(move, context);
    case "steer_session":
    case "send_key":
    case "restart_session":
      return checkDriving(move, context);
  }
}

function checkGoal({ action, id }: MoveOf<"archive_goal">, { goalsDir }: PolicyPaths): void {
  try {
    if (Deno.statSync(`${goalsDir}/${id}.md`).isFile) return;
  } catch {
    // Told below, whatever kept it from being read.
  }
  throw new RefusedMove(action, "id", `there is no goal "${id}"`);
}

async function checkScript(
  { action, script }: MoveOf<"write_sensor">,
  dataDir: string,
): Promise<void> {
  const result = await runChild("bash", {
    args: ["-n"],
    stdin: script,
    cwd: dataDir,
    timeoutMs: 10_000,
    maxBytes: 1024,
  });
  if (result.code === 0) return;
  const said = new TextDecoder().decode(result.stderr).trim().split("\n")[0] ?? "";
  throw new RefusedMove(action, "script", `does not pass bash -n: ${said}`);
}

/** Executes one move. A failure after the start is part of the effect, not an exception. */
export async function act(move: Move, context: ActContext): Promise<Effect> {
  // The table's key and the move's type are the same string; TypeScript cannot pair them by itself.
  const execute = EXECUTORS[move.action] as (move: Move, context: ActContext) => Promise<Effect>;
  return await execute(move, context);
}
