/**
 * Starts worker sessions: the runner's `interactive` command on a prompt file, in the data dir.
 *
 * @module
 */
import { join } from "node:path";
import { ensurePrivateDir, writeFileAtomic } from "../base/atomic_file.ts";
import { childEnv } from "../profile/child_env.ts";
import { type Environment, SESSION_MARK } from "../profile/environment.ts";
import type { Profile } from "../profile/profile.ts";
import { fillPromptFile, getRunnerCommand } from "../profile/runners.ts";
import { WORKER_CONTRACT } from "../profile/seed_texts.ts";
import { ensureLooopBin, selfCommand } from "../profile/self.ts";
import { restartSession } from "../session/end_session.ts";
import type { WaitingSupervisor } from "../session/launch_supervisor.ts";
import { type StartedSession, startSession } from "../session/start_session.ts";
import { loadSettings } from "./beat_context.ts";

/** What a worker is told, and who runs it. */
export interface WorkerRequest {
  readonly prompt: string;
  /** A runner's name; the config's default where left out. */
  readonly runner?: string | undefined;
  /** One that was started ahead of time. */
  readonly supervisor?: WaitingSupervisor;
}

/**
 * Starts a worker: the contract and its prompt go into `prompts/<id>.md`. The folder of a dead one is
 * used again.
 */
export async function startWorker(
  profile: Profile,
  env: Environment,
  id: string,
  { prompt, runner, supervisor }: WorkerRequest,
): Promise<StartedSession> {
  const { config } = loadSettings(profile, env);
  const promptFile = join(profile.paths.promptsDir, `${id}.md`);
  const name = runner ?? config.defaultRunner;
  const commandOf = (kind: "interactive" | "resume") =>
    throughShell(fillPromptFile(getRunnerCommand(config.runners, name, kind), promptFile));
  const command = commandOf("interactive");
  return await startSession(id, {
    ...workerOptions(profile, env),
    ...(supervisor && { supervisor }),
    command,
    restartCommand: commandOf("resume"),
    cwd: profile.dataDir,
    beforeStart: () => {
      ensurePrivateDir(profile.paths.promptsDir);
      writeFileAtomic(promptFile, `${WORKER_CONTRACT.trimEnd()}\n\n${prompt}\n`);
    },
  });
}

/** Restarts a worker with its runner's `resume` command, under its id and with its size. */
export async function restartWorker(
  profile: Profile,
  env: Environment,
  id: string,
): Promise<StartedSession> {
  return await restartSession(id, workerOptions(profile, env));
}

function workerOptions(profile: Profile, env: Environment) {
  const looopBin = ensureLooopBin(profile.paths.binDir);
  const { [SESSION_MARK]: _own, ...inherited } = Deno.env.toObject();
  return {
    sessionsDir: profile.paths.sessionsDir,
    supervisor: [...selfCommand(), "_supervise"],
    env: { ...inherited, ...childEnv(profile, looopBin) },
    logMaxBytes: loadSettings(profile, env).knobs.sessionLogMaxBytes,
  };
}

function throughShell(command: string): readonly string[] {
  return ["bash", "-o", "pipefail", "-c", command];
}
