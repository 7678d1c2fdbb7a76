/**
 * Gathers from the files what the guards look at. The beat and `looop why` ask the same way.
 *
 * @module
 */
import type { GuardState } from "../diff/guards.ts";
import { type DaySum, findRunCost, recordCost, sumCostsToday } from "../log/cost_ledger.ts";
import { formatDay } from "../log/money.ts";
import { messageOf } from "../base/errors.ts";
import { findReasonedNo } from "../question/list_questions.ts";
import type { ProfilePaths } from "../profile/profile.ts";
import type { BeatContext } from "./beat_context.ts";
import {
  findDecidesProblem,
  heardUntil,
  type LastBeat,
  readFailures,
  readLastBeat,
  readLastHash,
  readRecentDecides,
} from "./beat_state.ts";

/**
 * Reads the guards' state for a world.
 *
 * @param today What was spent today, where the caller knows that already.
 */
export function readGuardState(
  context: Pick<BeatContext, "profile" | "settings" | "now">,
  worldHash: string,
  today?: DaySum,
): GuardState {
  const { paths } = context.profile;
  const { knobs } = context.settings;
  const now = context.now();
  const hash = readLastHash(paths);
  const last = readLastBeat(paths);
  const isSame = last?.world.hash === hash;
  const budget = readBudget(context, now, today);
  return {
    nowMs: now.getTime(),
    worldHash,
    last: hash === undefined ? undefined : {
      hash,
      // Without its account the last beat counts as one that acted: only a change wakes the loop.
      decidedAtMs: isSame && last ? last.decidedAtMs : now.getTime(),
      wasNoop: isSame && last?.action === "noop",
    },
    // Only a beat that holds still for want of a change needs to know.
    unheardNo: hash === worldHash ? findReasonedNo(paths.asksDir, heardUntil(last))?.id : undefined,
    noopTtlMs: knobs.noopTtlMs,
    backoff: readFailures(paths),
    budget,
    rate: {
      maxPerHour: knobs.maxDecidesPerHour,
      decidedAtMs: readRecentDecides(paths, now.getTime(), knobs.maxDecidesPerHour),
      problem: findDecidesProblem(paths),
    },
  };
}

/** Adds up today; what cannot be known about it is a problem, never a zero. */
function readBudget(
  { profile: { paths }, settings: { knobs } }: Pick<BeatContext, "profile" | "settings">,
  now: Date,
  known: DaySum | undefined,
): GuardState["budget"] {
  const shared = { capUsd: knobs.maxDailyUsd, midnightMs: nextMidnightMs(now) };
  try {
    const today = known ?? sumCostsToday(paths.costLedger, now);
    const problem = today.brokenLines > 0
      ? `${today.brokenLines} of today's lines in ${paths.costLedger} cannot be read`
      : shared.capUsd !== undefined && today.runs === 0 && wasAskedToday(paths, now)
      ? `${paths.costLedger} does not know of the LLM calls of today`
      : shared.capUsd !== undefined && today.microUsd < seenToday(paths, now)
      ? `${paths.costLedger} names less for today than it did at the last decided beat`
      : undefined;
    return {
      ...shared,
      spentTodayUsd: today.microUsd / 1_000_000,
      unmeteredToday: today.unnamedRuns,
      ...(problem === undefined ? {} : { problem }),
    };
  } catch (error) {
    const problem = `${paths.costLedger} cannot be read (${messageOf(error)})`;
    return { ...shared, spentTodayUsd: 0, unmeteredToday: 0, problem };
  }
}

/** What the ledger named for today at the last decided beat, in micro-dollars. */
function seenToday(paths: ProfilePaths, now: Date): number {
  const { spent } = readLastBeat(paths) ?? {};
  return spent?.day === formatDay(now) ? spent.micro_usd : 0;
}

/** Tells what the ledger names for today, to be compared later: a ledger can be cut without a trace. */
export function noteSpent(
  { profile, now }: Pick<BeatContext, "profile" | "now">,
): LastBeat["spent"] {
  try {
    const { microUsd } = sumCostsToday(profile.paths.costLedger, now());
    return { day: formatDay(now()), micro_usd: microUsd };
  } catch {
    return undefined; // A ledger that cannot be read holds the next beat by itself.
  }
}

/** Each call of the LLM leaves a line in the ledger; this asks the other witnesses. */
function wasAskedToday(paths: ProfilePaths, now: Date): boolean {
  const midnightMs = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const isToday = (atMs: number) => atMs >= midnightMs && atMs <= now.getTime();
  if (readRecentDecides(paths, now.getTime()).some(isToday)) return true;
  const last = readLastBeat(paths);
  // A call of before midnight may have been decided upon behind it: then the line is of yesterday.
  return last !== undefined && isToday(last.decidedAtMs) &&
    findRunCost(paths.costLedger, { kind: "tick", id: last.runId }) === undefined;
}

/**
 * Makes sure that a run stands in the ledger: one that nobody metered, or that was cut off before it
 * had named its whole cost, is there without a cost.
 *
 * @throws {LooopError} When the ledger cannot be written.
 */
export function settleCost(
  context: BeatContext,
  runId: string,
  runner: string,
  { wasCutOff = false } = {},
): void {
  const { costLedger } = context.profile.paths;
  const known = findRunCost(costLedger, { kind: "tick", id: runId });
  if (known !== undefined && (known.unnamedRuns > 0 || !wasCutOff)) return;
  recordCost(costLedger, { kind: "tick", id: runId, runner, costUsd: null }, {
    now: context.now(),
  });
}

/** Local midnight, also on the day when the clocks change. */
function nextMidnightMs(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
}
