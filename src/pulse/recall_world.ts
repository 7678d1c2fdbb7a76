/**
 * The world as it can be told without running a sensor: the policy files and sessions of this moment,
 * and the readings that the last beat left in `snapshots/`.
 *
 * @module
 */
import { join } from "node:path";
import { readPolicy } from "../act/policy_files.ts";
import type { Json } from "../base/canonical_json.ts";
import { readTextIfThere } from "../base/atomic_file.ts";
import { describeWorld, type Signal, type World } from "../diff/world.ts";
import type { ProfilePaths } from "../profile/profile.ts";
import { findSensors } from "../sense/sensors.ts";
import { readingSnapshot } from "../sense/snapshot.ts";
import { listSessions } from "../session/registry.ts";
import { claimsReading, readClaims } from "./claims.ts";
import { sessionsReading, workersAmong } from "./sessions_reading.ts";

/** A recalled world. */
export interface RecalledWorld {
  readonly world: World;
  /** When the oldest reading in it was written, in ms since 1970; undefined where there is none. */
  readonly oldestReadingMs: number | undefined;
  /** When the last beat looked, in ms since 1970. */
  readonly lastLookMs: number | undefined;
  /** Sensors that have no reading yet; the next beat will have one. */
  readonly unread: readonly string[];
}

/**
 * Recalls the world.
 *
 * A sensor without a snapshot keeps the signal of the last decided beat, or counts as new.
 */
export function recallWorld(paths: ProfilePaths, last: World | undefined): RecalledWorld {
  const policy = readPolicy(paths);
  const workers = workersAmong(listSessions(paths.sessionsDir));
  const system: Readonly<Record<string, Json>> = {
    "sys-claims": claimsReading(readClaims(paths.claimsDir)),
    "sys-sessions": sessionsReading(workers, last?.signals["sys-sessions"]),
  };
  const signals: Signal[] = Object.entries(system)
    .map(([name, reading]) => readingSnapshot(name, reading));
  const times: number[] = [];
  const unread: string[] = [];
  for (const { name } of findSensors(paths.sensorsDir)) {
    if (Object.hasOwn(system, name)) continue;
    const found = readSnapshot(paths.snapshotsDir, name);
    if (found !== undefined) {
      times.push(found.writtenMs);
      signals.push(readingSnapshot(name, found.reading));
    } else {
      unread.push(name);
      const before = last?.signals;
      const known = before !== undefined && Object.hasOwn(before, name) ? before[name] : undefined;
      signals.push({ name, signal: known ?? { unread: true } });
    }
  }
  return {
    world: describeWorld(
      [...(policy.playbook ? [policy.playbook] : []), ...policy.goals],
      signals,
    ),
    oldestReadingMs: times.length === 0 ? undefined : Math.min(...times),
    lastLookMs: readSnapshot(paths.snapshotsDir, "sys-sessions")?.writtenMs,
    unread,
  };
}

function readSnapshot(
  snapshotsDir: string,
  name: string,
): { readonly reading: Json; readonly writtenMs: number } | undefined {
  const path = join(snapshotsDir, `sensor-${name}.json`);
  try {
    const text = readTextIfThere(path);
    if (text === undefined) return undefined;
    const writtenMs = Deno.statSync(path).mtime?.getTime() ?? 0;
    return { reading: JSON.parse(text) as Json, writtenMs };
  } catch {
    return undefined; // Scratch that cannot be read is scratch that is not there.
  }
}
