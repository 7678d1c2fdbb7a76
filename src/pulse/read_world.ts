/**
 * Reads the world of one beat: every sensor, the system's own readings, the policy files.
 *
 * @module
 */
import { type Policy, readPolicy } from "../act/policy_files.ts";
import { sense } from "../sense/sense.ts";
import type { Snapshot } from "../sense/snapshot.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { beatEnv } from "./beat_mark.ts";
import { readLastBeat } from "./beat_state.ts";
import { listSessions } from "../session/registry.ts";
import { sessionsReading, workersAmong } from "./sessions_reading.ts";
import { claimsReading, readClaims } from "./claims.ts";

/** What a beat decides on. */
export interface ObservedWorld {
  readonly snapshots: readonly Snapshot[];
  /** Read after the sensors have run, so that it is as fresh as can be when the prompt is built. */
  readonly policy: Policy;
}

/** Reads the world, and writes `snapshots/` anew. */
export async function readWorld(context: BeatContext): Promise<ObservedWorld> {
  const { profile, settings } = context;
  const workers = workersAmong(listSessions(profile.paths.sessionsDir));
  const last = readLastBeat(profile.paths)?.world.signals["sys-sessions"];
  const snapshots = await sense({
    dataDir: profile.dataDir,
    sensorsDir: profile.paths.sensorsDir,
    snapshotsDir: profile.paths.snapshotsDir,
    env: beatEnv(context, "sensor"),
    timeoutMs: settings.knobs.sensorTimeoutMs,
    maxBytes: settings.knobs.sensorMaxBytes,
    system: {
      "sys-claims": claimsReading(readClaims(profile.paths.claimsDir)),
      "sys-sessions": sessionsReading(workers, last),
    },
    nowMs: context.now().getTime(),
    ...(context.signal ? { signal: context.signal } : {}),
  });
  for (const { name, isError, reading } of snapshots) {
    if (!isError) continue;
    const { message, detail } = reading as { readonly message: string; readonly detail?: string };
    tell(context, "sensor_failed", detail === undefined ? message : `${message}; ${detail}`, {
      level: "warn",
      fields: { sensor: name },
    });
  }
  return { snapshots, policy: readPolicy(profile.paths) };
}
