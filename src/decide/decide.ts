/**
 * DECIDE: runs the runner once over a prompt and reads the one file that it may write.
 * Executes nothing.
 *
 * @module
 */
import { join } from "node:path";
import { writeFileAtomic } from "../base/atomic_file.ts";
import { runChild } from "../base/child.ts";
import { LooopError } from "../base/errors.ts";
import { fillPromptFile, namesPromptFile } from "../profile/runners.ts";
import { MAX_DECISION_BYTES, RefusedDecision } from "./decision.ts";
import { OutputLog, type RunFolder } from "./run_folder.ts";

/** Name of the file that the runner writes in its working directory. */
export const DECISION_FILE = ".decision.json";

/** What DECIDE needs. */
export interface DecideOptions {
  readonly prompt: string;
  readonly run: RunFolder;
  /** The runner's `tick` command. */
  readonly command: string;
  /** Emptied, then the runner's working directory. */
  readonly tickDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The runner gave no decision. */
export class RunnerFailure extends LooopError {
  override readonly name = "RunnerFailure";
}

/** The runner ran out of time; what it cost until then is known in part at most. */
export class RunnerTimeout extends RunnerFailure {}

/** The beat was told to stop while the runner ran. That is no failure of the runner's. */
export class StoppedDeciding extends LooopError {
  override readonly name = "StoppedDeciding";
}

/**
 * Asks for one decision.
 *
 * @returns The text of the decision file, not yet checked.
 * @throws {StoppedDeciding} When `signal` ended it.
 * @throws {RunnerFailure} When the runner failed, ran out of time or wrote no decision.
 * @throws {RefusedDecision} When what it wrote is no regular file of a sensible size.
 */
export async function decide(options: DecideOptions): Promise<string> {
  const { run, tickDir } = options;
  writeFileAtomic(run.promptPath, options.prompt, { flush: false });
  emptyFolder(tickDir);
  const log = new OutputLog(run.outputPath);
  const decisionPath = join(tickDir, DECISION_FILE);
  let result;
  try {
    result = await runChild("bash", {
      args: ["-o", "pipefail", "-c", fillPromptFile(options.command, run.promptPath)],
      cwd: tickDir,
      env: { ...options.env, LOOOP_DECISION_FILE: decisionPath },
      ...(namesPromptFile(options.command) ? {} : { stdin: options.prompt }),
      timeoutMs: options.timeoutMs,
      maxBytes: 64 * 1024,
      keep: "tail",
      onOutput: (chunk, stream) => log.add(chunk, stream),
      leavesNothing: true,
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } finally {
    log.close();
  }
  if (result.wasStopped) throw new StoppedDeciding("the beat was stopped while deciding");
  if (result.timedOut) {
    throw new RunnerTimeout(
      `the runner took more than ${options.timeoutMs / 1000} s and was ended`,
    );
  }
  if (result.code !== 0) {
    const said = tailOf(result.stderr) || tailOf(result.stdout);
    throw new RunnerFailure(`the runner exited with ${result.code}${said && `: ${said}`}`);
  }
  return readDecisionFile(decisionPath, tailOf(result.stdout));
}

function readDecisionFile(path: string, said: string): string {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RunnerFailure(`the runner wrote no ${DECISION_FILE}${said && `; it said: ${said}`}`);
  }
  if (!info.isFile) throw new RefusedDecision(`${DECISION_FILE} is not a regular file`);
  if (info.size > MAX_DECISION_BYTES) {
    throw new RefusedDecision(`${DECISION_FILE} is larger than ${MAX_DECISION_BYTES} bytes`);
  }
  return Deno.readTextFileSync(path);
}

/** Makes an empty folder of `path`, whatever stands there; a link is removed, not followed. */
function emptyFolder(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(path, { mode: 0o700 });
}

function tailOf(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes).trim().split("\n");
  return lines.slice(-5).join(" / ").slice(-600);
}
