/**
 * What a beat is given: the profile, its config and knobs, the clock, and where events go.
 *
 * @module
 */
import { type Config, loadConfig } from "../profile/config.ts";
import type { Environment } from "../profile/environment.ts";
import { type KnobValues, resolveKnobs } from "../profile/knobs.ts";
import type { History } from "../log/history.ts";
import type { Profile } from "../profile/profile.ts";
import { type EventName, type EventOptions, type LogEvent, makeEvent } from "../log/events.ts";

/** The settings of one moment: the config file and the knobs over it. */
export interface Settings {
  readonly config: Config;
  readonly knobs: KnobValues;
  readonly warnings: readonly string[];
}

/** Everything a beat needs from the outside. */
export interface BeatContext {
  readonly profile: Profile;
  readonly settings: Settings;
  /** One executable path that runs looop. */
  readonly looopBin: string;
  readonly now: () => Date;
  readonly history: History;
  readonly env: Environment;
  /** Gets every event as it happens. */
  readonly emit: (event: LogEvent) => void;
  /** Marks everything that this beat runs itself. */
  readonly mark?: string;
  /** Ends the beat early. */
  readonly signal?: AbortSignal;
}

/**
 * Reads config and knobs.
 *
 * @throws {LooopError} When the config is wrong, or the environment holds a wrong limit.
 */
export function loadSettings(profile: Profile, env: Environment): Settings {
  const config = loadConfig(profile.configPath);
  const { values, warnings } = resolveKnobs(env, config.knobs);
  return { config, knobs: values, warnings: [...config.warnings, ...warnings] };
}

/** Tells an event with the context's clock. */
export function tell(
  context: BeatContext,
  event: EventName,
  message: string,
  options: EventOptions = {},
): void {
  context.emit(makeEvent(event, message, { ...options, now: context.now() }));
}
