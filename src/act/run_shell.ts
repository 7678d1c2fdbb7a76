/**
 * `run_shell`: one command, in the data dir, under a timeout.
 *
 * @module
 */
import { runChild } from "../base/child.ts";
import type { Effect, MoveOf } from "./moves.ts";

/** Bytes of output that reach the next prompt. */
const OUTPUT_TAIL_BYTES = 4096;

/** Where and how long a command may run. */
export interface ShellOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Runs one command by `bash -c`. Its exit code and the tail of its output are the effect. */
export async function runShell(move: MoveOf<"run_shell">, options: ShellOptions): Promise<Effect> {
  const result = await runChild("bash", {
    // Both streams into one pipe, so that they stay in the order in which they were written.
    args: ["-c", 'exec 2>&1; exec bash -c "$1"', "bash", move.cmd],
    cwd: options.dataDir,
    env: options.env,
    timeoutMs: options.timeoutMs,
    maxBytes: OUTPUT_TAIL_BYTES,
    keep: "tail",
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const shell = { exit_code: result.code, output_tail: new TextDecoder().decode(result.stdout) };
  const summary = `run_shell ${move.cmd} (exit ${result.code})`;
  if (result.code === 0 && !result.wasStopped) return { summary, shell };
  const why = result.wasStopped
    ? "was interrupted, because looop was told to stop"
    : result.timedOut
    ? `took more than ${options.timeoutMs / 1000} s and was ended`
    : `exited with ${result.code}`;
  return { summary, shell, failure: `${move.cmd}: ${why}` };
}
