/**
 * What woke the last decided beat, what it did and what it cost. Reads, and changes nothing.
 *
 * @module
 */
import { join } from "node:path";
import { readTextIfThere } from "../base/atomic_file.ts";
import { findRunCost } from "../log/cost_ledger.ts";
import { toUsd } from "../log/money.ts";
import type { ProfilePaths } from "../profile/profile.ts";
import { readFailures, readLastBeat } from "./beat_state.ts";
import type { Woke } from "./woke.ts";

/** What `looop why --last --json` prints; fields may be added, never renamed. */
export interface LastAccount {
  readonly run: string;
  readonly at: string;
  readonly action: string;
  /** The move in a few words. */
  readonly move: string;
  /** `acted` or `asked`; null once the run's folder is gone. */
  readonly outcome: string | null;
  readonly woke: Woke;
  /** Null where the run named no cost, or its line is summed up by now. */
  readonly cost_usd: number | null;
  /** Beats that failed since. */
  readonly failures_since: { readonly count: number; readonly reason: string } | null;
}

/** Explains the last decided beat; undefined where there is none. */
export function explainLast(paths: ProfilePaths): LastAccount | undefined {
  const last = readLastBeat(paths);
  if (last === undefined) return undefined;
  const { runId, action, decidedAtMs } = last;
  const cost = findRunCost(paths.costLedger, { kind: "tick", id: runId });
  const failures = readFailures(paths);
  const isNewer = failures !== undefined && failures.failures > 0 &&
    failures.lastFailedAtMs >= decidedAtMs;
  return {
    run: runId,
    at: new Date(decidedAtMs).toISOString(),
    action,
    move: last.move ?? action,
    outcome: readOutcome(paths.runsDir, runId),
    woke: last.woke ?? { reason: "not known", changes: [], more: 0 },
    cost_usd: cost === undefined || cost.unnamedRuns > 0 ? null : toUsd(cost.microUsd),
    failures_since: isNewer ? { count: failures.failures, reason: failures.reason } : null,
  };
}

function readOutcome(runsDir: string, runId: string): string | null {
  try {
    const text = readTextIfThere(join(runsDir, runId, "outcome.json"));
    const outcome = text === undefined ? null : JSON.parse(text).outcome;
    return typeof outcome === "string" ? outcome : null;
  } catch {
    return null; // Scratch that cannot be read is scratch that is not there.
  }
}
