/**
 * ACT: executes one move. looop is the only one that does; an LLM never gets here.
 *
 * @module
 */
import { runChild } from "../base/child.ts";
import { LooopError } from "../base/errors.ts";
import type { Effect, Move, MoveOf } from "./moves.ts";
import { archiveGoal, type PolicyPaths, writePolicyFile } from "./policy_files.ts";
import { runShell } from "./run_shell.ts";

/** What the executors need. */
export interface ActContext {
  readonly dataDir: string;
  readonly policy: PolicyPaths;
  /** Environment of a `run_shell`. */
  readonly shellEnv: Readonly<Record<string, string>>;
  readonly shellTimeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A move that is refused before anything happens. */
export class RefusedMove extends LooopError {
  override readonly name = "RefusedMove";
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
    return { summary: `write_goal ${id}`, wrote: [`goals/${id}.md`] };
  },
  archive_goal: ({ id }, { policy }) => {
    const name = archiveGoal(policy, id);
    const summary = `archive_goal ${id}${name === `${id}.md` ? "" : ` as ${name}`}`;
    return { summary, wrote: [`goals/${id}.md`, `goals/archive/${name}`] };
  },
  write_sensor: ({ name, script }, { policy }) => {
    writePolicyFile(policy.sensorsDir, `${name}.sh`, script, 0o700);
    return { summary: `write_sensor ${name}`, wrote: [`sensors/${name}.sh`] };
  },
  write_playbook: ({ body }, { dataDir }) => {
    writePolicyFile(dataDir, "PLAYBOOK.md", body);
    return { summary: "write_playbook", wrote: ["PLAYBOOK.md"] };
  },
  send_notification: ({ message }) => ({ summary: `send_notification: ${message}` }),
};

/**
 * Checks what only the world can tell, before the move is written down as intent.
 *
 * @throws {RefusedMove} When the move cannot be made here and now.
 */
export async function checkMove(move: Move, { policy, dataDir }: ActContext): Promise<void> {
  if (move.action === "archive_goal") {
    try {
      if (Deno.statSync(`${policy.goalsDir}/${move.id}.md`).isFile) return;
    } catch {
      // Told below, whatever kept it from being read.
    }
    throw new RefusedMove(`field "id" of archive_goal: there is no goal "${move.id}"`);
  }
  if (move.action === "write_sensor") {
    const result = await runChild("bash", {
      args: ["-n"],
      stdin: move.script,
      cwd: dataDir,
      timeoutMs: 10_000,
      maxBytes: 1024,
    });
    if (result.code === 0) return;
    const said = new TextDecoder().decode(result.stderr).trim().split("\n")[0] ?? "";
    throw new RefusedMove(`field "script" of write_sensor does not pass bash -n: ${said}`);
  }
}

/** Executes one move. A failure after the start is part of the effect, not an exception. */
export async function act(move: Move, context: ActContext): Promise<Effect> {
  // The table's key and the move's type are the same string; TypeScript cannot pair them by itself.
  const execute = EXECUTORS[move.action] as (move: Move, context: ActContext) => Promise<Effect>;
  return await execute(move, context);
}
