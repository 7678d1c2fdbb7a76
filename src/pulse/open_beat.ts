/**
 * Opens a profile for beats: seeds it, reads its settings, and joins events to where they go.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";
import { appendEventLine } from "../log/event_line.ts";
import { appendEvent, type LogEvent } from "../log/events.ts";
import { History } from "../log/history.ts";
import type { Environment } from "../profile/environment.ts";
import { openProfile, type Profile } from "../profile/profile.ts";
import { seedProfile } from "../profile/seed.ts";
import { ensureLooopBin } from "../profile/self.ts";
import { type BeatContext, loadSettings, tell } from "./beat_context.ts";

/** What the caller brings. */
export interface OpenBeatOptions {
  /** Sees each event after it was written down. */
  readonly onEvent: (event: LogEvent) => void;
  readonly now?: () => Date;
  readonly signal?: AbortSignal;
}

/**
 * Opens the profile that the environment names, ready for beats.
 *
 * @throws {LooopError} When the profile cannot be made or its settings are wrong.
 */
export function openBeat(env: Environment, options: OpenBeatOptions): BeatContext {
  const profile = openProfile(env);
  const seeded = seedProfile(profile, env);
  requireNamedConfig(profile, env);
  const settings = loadSettings(profile, env);
  const context: BeatContext = {
    profile,
    settings,
    looopBin: ensureLooopBin(profile.paths.binDir),
    now: options.now ?? (() => new Date()),
    env,
    history: new History(profile.dataDir, env),
    emit: (event) => {
      appendEvent(profile.paths.events, event);
      appendEventLine(profile.paths.tickLog, event);
      options.onEvent(event);
    },
    ...(options.signal ? { signal: options.signal } : {}),
  };
  if (seeded.wrote.length > 0) {
    tell(
      context,
      "seeded",
      `first run: wrote a starter PLAYBOOK, goals and a sensor into ${profile.dataDir}` +
        (seeded.wrote.includes(profile.configPath) ? `, a config to ${profile.configPath}` : ""),
      {
        fields: { wrote: seeded.wrote },
      },
    );
  }
  for (const warning of settings.warnings) tell(context, "warning", warning, { level: "warn" });
  return context;
}

/**
 * Makes sure that a config which was named is there: behind a slip of the pen lie limits that would
 * silently not hold.
 */
function requireNamedConfig({ configPath }: Profile, env: Environment): void {
  if (!env("LOOOP_CONFIG")) return;
  try {
    Deno.statSync(configPath);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return; // Whoever reads it says why it cannot be.
    throw new LooopError(`LOOOP_CONFIG names ${configPath}, which is not there`, {
      hint: "mend the variable, or write the file; `{}` in it means the defaults",
    });
  }
}
