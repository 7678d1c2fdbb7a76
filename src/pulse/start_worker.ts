/**
 * Starts worker sessions: the runner's `interactive` command on a prompt file, in the data dir.
 *
 * @module
 */
import { join } from "node:path";
import { ensurePrivateDir, writeFileAtomic } from "../base/atomic_file.ts";
import { childEnv } from "../profile/child_env.ts";
import { SESSION_MARK } from "../profile/environment.ts";
import type { Profile } from "../profile/profile.ts";
import { fillPromptFile, getRunnerCommand } from "../profile/runners.ts";
import { WORKER_CONTRACT } from "../profile/seed_texts.ts";
import { ensureLooopBin, selfCommand } from "../profile/self.ts";
import { restartSession } from "../session/end_session.ts";
import type { WaitingSupervisor } from "../session/launch_supervisor.ts";
import { type StartedSession, startSession } from "../session/start_session.ts";
import type { Settings } from "./beat_context.ts";

/** What a worker is told, and who runs it. */
export interface WorkerRequest {
  readonly prompt: string;
  /** A runner's name; the config's default where left out. */
  readonly runner?: string | undefined;
  /** One that was started ahead of time. */
  readonly supervisor?: WaitingSupervisor;
}

/** Whose worker it is: the settings are those that hold now, also while the config is being edited. */
export interface WorkerPlace {
  readonly profile: Profile;
  readonly settings: Settings;
}

/**
 * Starts a worker: the contract and its prompt go into `prompts/<id>.md`. The folder of a dead one is
 * used again.
 */
export async function startWorker(
  place: WorkerPlace,
  id: string,
  { prompt, runner, supervisor }: WorkerRequest,
): Promise<StartedSession> {
  const { profile, settings: { config } } = place;
  const promptFile = join(profile.paths.promptsDir, `${id}.md`);
  const name = runner ?? config.defaultRunner;
  const commandOf = (kind: "interactive" | "resume") =>
    throughShell(fillPromptFile(getRunnerCommand(config.runners, name, kind), promptFile));
  const command = commandOf("interactive");
  return await startSession(id, {
    ...workerOptions(place),
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
export async function restartWorker(place: WorkerPlace, id: string): Promise<StartedSession> {
  return await restartSession(id, workerOptions(place));
}

function workerOptions({ profile, settings }: WorkerPlace) {
  const looopBin = ensureLooopBin(profile.paths.binDir);
  const { [SESSION_MARK]: _own, ...inherited } = Deno.env.toObject();
  return {
    sessionsDir: profile.paths.sessionsDir,
    supervisor: [...selfCommand(), "_supervise"],
    env: { ...inherited, ...childEnv(profile, looopBin) },
    logMaxBytes: settings.knobs.sessionLogMaxBytes,
  };
}

function throughShell(command: string): readonly string[] {
  return ["bash", "-o", "pipefail", "-c", command];
}
