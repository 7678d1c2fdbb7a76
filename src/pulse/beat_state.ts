/**
 * The few scratch files that one beat leaves for the next. Each may be deleted at any time.
 *
 * @module
 */
import { readTextIfThere, removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import type { Backoff } from "../diff/guards.ts";
import type { World } from "../diff/world.ts";
import type { ProfilePaths } from "../profile/profile.ts";
import type { Woke } from "./woke.ts";

/** The last decided beat. */
export interface LastBeat {
  readonly world: World;
  readonly decidedAtMs: number;
  /** When its prompt was made: an answer that came while the LLM thought is for the next one. */
  readonly promptedAtMs?: number;
  /** What the ledger named for that local day, with its own call. */
  readonly spent?: { readonly day: string; readonly micro_usd: number } | undefined;
  readonly runId: string;
  readonly action: string;
  /** The move in a few words; like `woke` not known of beats that an older looop decided. */
  readonly move?: string;
  readonly woke?: Woke;
  /** Decided beats so far. */
  readonly turn: number;
  /** In how many decided beats in a row each sensor's signal changed. */
  readonly changedInARow: { readonly [sensor: string]: number };
}

/** Failures at one world, with the reason that the next prompt gets. */
export interface Failures extends Backoff {
  readonly reason: string;
  /** Stale decisions in a row. */
  readonly stale: number;
  readonly runId: string;
}

const HOUR_MS = 3_600_000;

/** Reads the hash of the last decided world. */
export function readLastHash(paths: ProfilePaths): string | undefined {
  return readScratchText(paths.lastTickHash)?.trim() || undefined;
}

/** Reads the last decided beat; only if it is the one that the hash speaks of. */
export function readLastBeat(paths: ProfilePaths): LastBeat | undefined {
  const last = readScratch<LastBeat>(paths.lastWorld);
  return last?.world?.hash === undefined ? undefined : last;
}

/** Until when the last decided beat had heard of answers. */
export function heardUntil(last: LastBeat | undefined): Date {
  return new Date(last?.promptedAtMs ?? last?.decidedAtMs ?? 0);
}

/** Commits a decided beat. The hash comes last: it is what counts. */
export function writeLastBeat(paths: ProfilePaths, last: LastBeat): void {
  writeFileAtomic(paths.lastWorld, JSON.stringify(last) + "\n");
  writeFileAtomic(paths.lastTickHash, last.world.hash + "\n");
}

/** Reads the failures since the last decided beat. */
export function readFailures(paths: ProfilePaths): Failures | undefined {
  const failures = readScratch<Failures>(paths.tickBackoff);
  return typeof failures?.failures === "number" ? failures : undefined;
}

/** Writes the failures down, or forgets them. */
export function writeFailures(paths: ProfilePaths, failures: Failures | undefined): void {
  if (failures === undefined) removeIfThere(paths.tickBackoff);
  else writeFileAtomic(paths.tickBackoff, JSON.stringify(failures) + "\n");
}

/**
 * Adds one failure to those at this world; failures at another world are forgotten. The failure of one
 * run counts once, also when a crash makes it be told twice.
 */
export function countFailure(paths: ProfilePaths, failure: {
  readonly hash: string;
  readonly atMs: number;
  readonly reason: string;
  readonly runId: string;
  /** Stale decisions in a row, this one included; the first one in a row is not counted. */
  readonly stale?: number;
}): void {
  const before = readFailures(paths);
  const { hash, atMs, reason, runId, stale = 0 } = failure;
  if (before?.runId === runId) return;
  const earlier = before && (before.hash === hash || stale > 1) ? before.failures : 0;
  const failures = stale === 1 ? earlier : earlier + 1;
  writeFailures(paths, { hash, failures, lastFailedAtMs: atMs, reason, stale, runId });
}

/**
 * Reads when the LLM was called within the last hour, in ms since 1970.
 *
 * @param ifUnknown How many calls to assume, at the time when the file was written, where it cannot be
 *   read: a limit errs on the safe side.
 */
export function readRecentDecides(
  paths: ProfilePaths,
  nowMs: number,
  ifUnknown = 0,
): readonly number[] {
  const times = readScratch<readonly number[]>(paths.decides) ??
    Array.from({ length: ifUnknown }, () => writtenAtMs(paths.decides));
  if (!Array.isArray(times)) return [];
  // A time from the future (the clock was set back) counts as now: a limit errs on the safe side.
  return times.map((at) => Math.min(Number(at), nowMs)).filter((at) => nowMs - at < HOUR_MS);
}

/** Says that the count of calls cannot be read; undefined where it can, or where there is none. */
export function findDecidesProblem(paths: ProfilePaths): string | undefined {
  const isThere = readScratchText(paths.decides) !== undefined;
  return isThere && !Array.isArray(readScratch<unknown>(paths.decides))
    ? `the count of LLM calls in ${paths.decides} cannot be read, and counts as full`
    : undefined;
}

/** Notes an LLM call before it is made, so that a crash cannot hide it. */
export function noteDecide(paths: ProfilePaths, nowMs: number): void {
  const times = [...readRecentDecides(paths, nowMs), nowMs];
  writeFileAtomic(paths.decides, JSON.stringify(times) + "\n");
}

/** Sets or clears the length of the next sleep, in ms. */
export function writeNextInterval(paths: ProfilePaths, ms: number | undefined): void {
  if (ms === undefined) removeIfThere(paths.nextInterval);
  else writeFileAtomic(paths.nextInterval, `${ms / 1000}\n`, { flush: false });
}

/** Takes the override of one sleep, in ms; it counts once. */
export function takeNextInterval(paths: ProfilePaths): number | undefined {
  const seconds = Number(readScratchText(paths.nextInterval) ?? NaN);
  removeIfThere(paths.nextInterval);
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** When a file was written; long ago where there is none. */
function writtenAtMs(path: string): number {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0; // Not there: nothing was called.
  }
}

/** Scratch that cannot be read is scratch that is not there. */
function readScratch<T>(path: string): T | undefined {
  try {
    const text = readTextIfThere(path);
    return text === undefined ? undefined : JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function readScratchText(path: string): string | undefined {
  try {
    return readTextIfThere(path);
  } catch {
    return undefined; // As above: a folder in its place, say.
  }
}
