/**
 * SENSE: runs every sensor once, at most eight at a time, and writes `snapshots/` anew.
 * A bad sensor becomes an error reading; it never stops a beat.
 *
 * @module
 */
import { join } from "node:path";
import {
  ensurePrivateDir,
  readTextIfThere,
  removeIfThere,
  writeFileAtomic,
} from "../base/atomic_file.ts";
import { runChild } from "../base/child.ts";
import type { Json } from "../base/canonical_json.ts";
import { messageOf } from "../base/errors.ts";
import { findSensors, type Sensor } from "./sensors.ts";
import {
  failedSnapshot,
  isFailureReading,
  keptOutput,
  makeSnapshot,
  pointTo,
  readingSnapshot,
  type Snapshot,
} from "./snapshot.ts";

/** Sensors that run at once. */
export const MAX_CONCURRENT_SENSORS = 8;

/** What SENSE needs to know. */
export interface SenseOptions {
  readonly dataDir: string;
  readonly sensorsDir: string;
  readonly snapshotsDir: string;
  /** Environment of the scripts, laid over this process's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Readings that looop makes itself (`sys-sessions`, `sys-claims`), by name. */
  readonly system: Readonly<Record<string, Json>>;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the world.
 *
 * @returns All snapshots, sorted by name. The same stand in `snapshots/sensor-<name>.json`.
 */
export async function sense(options: SenseOptions): Promise<readonly Snapshot[]> {
  ensurePrivateDir(options.snapshotsDir);
  removeSpecials(options.snapshotsDir);
  const sensors = findSensors(options.sensorsDir);
  const snapshots: Snapshot[] = Object.entries(options.system)
    .map(([name, reading]) => readingSnapshot(name, reading));
  for (const snapshot of snapshots) writeSnapshot(options.snapshotsDir, snapshot);
  const waiting = sensors.filter(({ name }) => !Object.hasOwn(options.system, name));
  await Promise.all(
    Array.from({ length: Math.min(MAX_CONCURRENT_SENSORS, waiting.length) }, async () => {
      for (let sensor = waiting.shift(); sensor; sensor = waiting.shift()) {
        snapshots.push(readFresh(sensor, options) ?? await readSensor(sensor, options));
      }
    }),
  );
  removeStrangers(options.snapshotsDir, new Set(snapshots.map(({ name }) => name)));
  return snapshots.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the last snapshot of a sensor that asked to be run less often, while it is fresh. */
function readFresh(sensor: Sensor, options: SenseOptions): Snapshot | undefined {
  if (sensor.intervalMs === undefined) return undefined;
  const path = snapshotPath(options.snapshotsDir, sensor.name);
  try {
    const info = Deno.statSync(path);
    const script = Deno.statSync(sensor.path);
    const ageMs = options.nowMs - (info.mtime?.getTime() ?? 0);
    // A snapshot older than its script, or from the future, is not fresh.
    if (ageMs < 0 || ageMs >= sensor.intervalMs) return undefined;
    if ((script.mtime?.getTime() ?? 0) > (info.mtime?.getTime() ?? 0)) return undefined;
    const reading = JSON.parse(readTextIfThere(path) ?? "") as Json;
    return isFailureReading(reading) ? undefined : readingSnapshot(sensor.name, reading);
  } catch {
    return undefined; // No snapshot, or none that can be used: run the sensor.
  }
}

async function readSensor(sensor: Sensor, options: SenseOptions): Promise<Snapshot> {
  const { timeoutMs, maxBytes, snapshotsDir } = options;
  const [program, args] = sensor.isExecutable ? [sensor.path, []] : ["bash", [sensor.path]];
  let snapshot: Snapshot;
  let kept: Uint8Array;
  try {
    const result = await runChild(program, {
      args,
      cwd: options.dataDir,
      env: options.env,
      timeoutMs,
      maxBytes,
      // A job that each beat leaves behind would be one more with each beat.
      leavesNothing: true,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    snapshot = makeSnapshot(sensor.name, result, { timeoutMs, maxBytes });
    kept = keptOutput(result, snapshot);
  } catch (error) {
    kept = new TextEncoder().encode(`${messageOf(error)}\n`);
    snapshot = failedSnapshot(sensor.name, "cannot_run", "cannot be run");
  }
  const errName = `${sensor.name}.err`;
  const errPath = join(snapshotsDir, errName);
  if (kept.length > 0) {
    writeFileAtomic(errPath, kept, { flush: false });
    if (snapshot.isError) snapshot = pointTo(`snapshots/${errName}`, snapshot);
  } else removeIfThere(errPath);
  writeSnapshot(snapshotsDir, snapshot);
  return snapshot;
}

function snapshotPath(snapshotsDir: string, name: string): string {
  return join(snapshotsDir, `sensor-${name}.json`);
}

function writeSnapshot(snapshotsDir: string, snapshot: Snapshot): void {
  writeFileAtomic(
    snapshotPath(snapshotsDir, snapshot.name),
    JSON.stringify(snapshot.reading, undefined, 2) + "\n",
    { flush: false },
  );
}

/** Removes what is no file: nothing could be written in its place. */
function removeSpecials(snapshotsDir: string): void {
  for (const { name, isFile } of Deno.readDirSync(snapshotsDir)) {
    if (!isFile) Deno.removeSync(join(snapshotsDir, name), { recursive: true });
  }
}

/** Removes what no sensor of this beat has written. */
function removeStrangers(snapshotsDir: string, names: ReadonlySet<string>): void {
  for (const entry of Deno.readDirSync(snapshotsDir)) {
    const [, name] = /^(?:sensor-(.+)\.json|(.+)\.err)$/.exec(entry.name)?.filter(Boolean) ?? [];
    if (name !== undefined && names.has(name)) continue;
    Deno.removeSync(join(snapshotsDir, entry.name), { recursive: true });
  }
}
