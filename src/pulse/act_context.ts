/**
 * Hands ACT what it needs of the profile: paths, environment, limits, the worker's starter.
 *
 * @module
 */
import type { ActContext } from "../act/act.ts";
import { compileGateRules, type GateRules } from "../act/gate.ts";
import { LooopError } from "../base/errors.ts";
import type { BeatContext } from "./beat_context.ts";
import { beatEnv } from "./beat_mark.ts";
import { PULSE_ID } from "./sessions_reading.ts";
import { restartWorker, startWorker } from "./start_worker.ts";

/** Builds what the executors get. */
export function actContext(context: BeatContext): ActContext {
  const { profile, settings } = context;
  const { paths, dataDir } = profile;
  return {
    dataDir,
    policy: paths,
    shellEnv: beatEnv(context, "run_shell"),
    shellTimeoutMs: settings.knobs.shellTimeoutMs,
    sessionsDir: paths.sessionsDir,
    asksDir: paths.asksDir,
    maxWorkers: settings.knobs.maxWorkers,
    runnerNames: Object.keys(settings.config.runners),
    workers: {
      start: (id, request) => startWorker(context, id, request),
      restart: (id) => restartWorker(context, id),
      isWorker: ({ id }) => id !== PULSE_ID,
    },
    ...(context.signal ? { signal: context.signal } : {}),
  };
}

/**
 * Compiles the gate's rules for this profile.
 *
 * @throws {LooopError} For a rule in the config that is none.
 */
export function gateRules(
  { profile, settings, env }: Pick<BeatContext, "profile" | "settings" | "env">,
): GateRules {
  // Without a home there is none to protect; the root, which is denied anyway, stands in for it.
  const place = { dataDir: profile.dataDir, home: env("HOME") ?? "/" };
  try {
    return compileGateRules(settings.config.gate, place);
  } catch (error) {
    if (!(error instanceof LooopError)) throw error;
    throw new LooopError(`config ${profile.configPath}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}
