/**
 * Gathers from the files what the guards look at. The beat and `looop why` ask the same way.
 *
 * @module
 */
import type { GuardState } from "../diff/guards.ts";
import { findRunCost, recordCost, sumCostsToday } from "../log/cost_ledger.ts";
import type { BeatContext } from "./beat_context.ts";
import { readFailures, readLastBeat, readLastHash, readRecentDecides } from "./beat_state.ts";

/** Reads the guards' state for a world. */
export function readGuardState(
  context: Pick<BeatContext, "profile" | "settings" | "now">,
  worldHash: string,
): GuardState {
  const { paths } = context.profile;
  const { knobs } = context.settings;
  const now = context.now();
  const hash = readLastHash(paths);
  const last = readLastBeat(paths);
  const isSame = last?.world.hash === hash;
  const today = sumCostsToday(paths.costLedger, now);
  return {
    nowMs: now.getTime(),
    worldHash,
    last: hash === undefined ? undefined : {
      hash,
      // Without its account the last beat counts as one that acted: only a change wakes the loop.
      decidedAtMs: isSame && last ? last.decidedAtMs : now.getTime(),
      wasNoop: isSame && last?.action === "noop",
    },
    noopTtlMs: knobs.noopTtlMs,
    backoff: readFailures(paths),
    budget: {
      capUsd: knobs.maxDailyUsd,
      spentTodayUsd: today.microUsd / 1_000_000,
      unmeteredToday: today.unnamedRuns,
      midnightMs: nextMidnightMs(now),
    },
    rate: {
      maxPerHour: knobs.maxDecidesPerHour,
      decidedAtMs: readRecentDecides(paths, now.getTime()),
    },
  };
}

/** Makes sure that a run stands in the ledger: one that nobody metered is there without a cost. */
export function settleCost(context: BeatContext, runId: string, runner: string): void {
  const { costLedger } = context.profile.paths;
  if (findRunCost(costLedger, { kind: "tick", id: runId }) !== undefined) return;
  recordCost(costLedger, { kind: "tick", id: runId, runner, costUsd: null }, {
    now: context.now(),
  });
}

/** Local midnight, also on the day when the clocks change. */
function nextMidnightMs(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
}
