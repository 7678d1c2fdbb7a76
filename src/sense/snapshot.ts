/**
 * A snapshot: what one sensor printed, or a small object that says why there is nothing to read.
 *
 * @module
 */
import type { Json } from "../base/canonical_json.ts";
import type { ChildResult } from "../base/child.ts";

/** One sensor's reading as the beat passes it on. */
export interface Snapshot {
  readonly name: string;
  /** The whole reading, as the snapshot file holds it. */
  readonly reading: Json;
  /** The part that wakes the loop: `.signal` where there is one, else the whole reading. */
  readonly signal: Json;
  /** True for looop's own error object. */
  readonly isError: boolean;
}

const SENSOR_FAILURES = [
  "timeout",
  "too_large",
  "not_json",
  "too_deep",
  "exit",
  "cannot_run",
] as const;

/** Everything that walks a reading does so by recursion; no sensor needs more than this. */
const MAX_DEPTH = 100;

/** Why a reading could not be had. */
export type SensorFailure = typeof SENSOR_FAILURES[number];

/**
 * Makes a snapshot of what a sensor printed.
 *
 * An error object carries no output and no timing: the same failure twice is the same reading.
 */
export function makeSnapshot(name: string, result: ChildResult, limits: {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}): Snapshot {
  if (result.timedOut) {
    return failedSnapshot(name, "timeout", `took more than ${limits.timeoutMs / 1000} s`, 124);
  }
  if (result.isTooLarge) {
    return failedSnapshot(name, "too_large", `printed more than ${limits.maxBytes} bytes`);
  }
  if (result.code !== 0) {
    return failedSnapshot(name, "exit", `exited with ${result.code}`, result.code);
  }
  const text = new TextDecoder().decode(result.stdout).trim();
  try {
    const reading = JSON.parse(text) as Json;
    if (isDeeperThan(reading, MAX_DEPTH)) {
      return failedSnapshot(name, "too_deep", `printed values nested more than ${MAX_DEPTH} deep`);
    }
    return readingSnapshot(name, withWholeNumbers(text, reading));
  } catch {
    const problem = text === ""
      ? "printed nothing"
      : "printed something that is not one JSON value";
    return failedSnapshot(name, "not_json", problem);
  }
}

/** Looks without recursion, which is what a deep value would break. */
function isDeeperThan(reading: Json, limit: number): boolean {
  let level: readonly Json[] = [reading];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((value) =>
      value !== null && typeof value === "object" ? Object.values(value) : []
    );
  }
  return false;
}

/**
 * Keeps numbers that JavaScript cannot hold (ids of 64 bits, 1e999) as the text of their digits: two of
 * them that differ must stay different, or a change would wake nobody.
 */
function withWholeNumbers(text: string, reading: Json): Json {
  if (!/\d{16}|\de/i.test(text)) return reading;
  const keep = (_key: string, value: unknown, { source }: { readonly source?: string } = {}) =>
    typeof value !== "number" || source === undefined || isHeld(value, source) ? value : source;
  return JSON.parse(text, keep) as Json;
}

function isHeld(value: number, source: string): boolean {
  return /^-?\d+$/.test(source) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

/** Wraps a reading that is valid JSON. */
export function readingSnapshot(name: string, reading: Json): Snapshot {
  const hasSignal = reading !== null && typeof reading === "object" && !Array.isArray(reading) &&
    Object.hasOwn(reading, "signal");
  const signal = hasSignal ? (reading as { readonly signal: Json }).signal : withoutDetail(reading);
  return { name, reading, signal, isError: false };
}

/** Wraps a failure. */
export function failedSnapshot(
  name: string,
  error: SensorFailure,
  message: string,
  exitCode?: number,
): Snapshot {
  const reading: Json = {
    error,
    message: `sensor ${name} ${message}`,
    ...(exitCode === undefined ? {} : { exit_code: exitCode }),
  };
  return { name, reading, signal: reading, isError: true };
}

/**
 * Adds to a failure where what the sensor printed was kept. It stands in the detail: whether a shell
 * that is ended has the time to complain is chance, and chance must not wake the loop.
 */
export function pointTo(path: string, { reading, ...rest }: Snapshot): Snapshot {
  return { ...rest, reading: { ...reading as { [key: string]: Json }, detail: `see ${path}` } };
}

/** What of a sensor's output is kept where it is no reading: its beginning shows what it is. */
const KEPT_STDOUT_BYTES = 4096;

/** What is kept of a run beside its snapshot: standard error, and output that is not JSON. */
export function keptOutput({ stdout, stderr }: ChildResult, { reading }: Snapshot): Uint8Array {
  const isProse = isFailureReading(reading) &&
    (reading as { readonly error: string }).error === "not_json";
  if (!isProse || stdout.length === 0) return stderr;
  const shown = stdout.subarray(0, KEPT_STDOUT_BYTES);
  const part = shown.length < stdout.length ? `first ${shown.length} of ` : "";
  const gap = stderr.length === 0 || stderr.at(-1) === 0x0a ? "" : "\n";
  const head = `${gap}--- stdout, which is not one JSON value (${part}${stdout.length} bytes):\n`;
  const before = new TextEncoder().encode(head);
  const kept = new Uint8Array(stderr.length + before.length + shown.length);
  kept.set(stderr);
  kept.set(before, stderr.length);
  kept.set(shown, stderr.length + before.length);
  return kept;
}

/** Tells looop's own error object from a reading that happens to have an `error` key. */
export function isFailureReading(reading: Json): boolean {
  if (reading === null || typeof reading !== "object" || Array.isArray(reading)) return false;
  const { error, message } = reading as { readonly [key: string]: Json };
  return SENSOR_FAILURES.includes(error as SensorFailure) && typeof message === "string" &&
    message.startsWith("sensor ");
}

/** `.detail` never counts, also where the sensor names no `.signal`. */
function withoutDetail(reading: Json): Json {
  if (reading === null || typeof reading !== "object" || Array.isArray(reading)) return reading;
  const { detail: _, ...rest } = reading as { readonly [key: string]: Json };
  return rest;
}
