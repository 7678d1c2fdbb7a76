/**
 * The smallest changes after which the next beat would call the LLM. Pure, and tested by applying
 * each to the state and asking the guards again.
 *
 * @module
 */
import { findHolding, type GuardName, type GuardState, judgeGuards } from "./guards.ts";

/** One change that has to be made; all of a list's together let the next beat decide. */
export type NeededChange =
  /** Any edit of PLAYBOOK or a goal: another world. `tick --force` does the same for one beat. */
  | { readonly kind: "edit"; readonly lifts: readonly GuardName[] }
  /** A count that cannot be read has to go: it is full at any limit. */
  | { readonly kind: "forget"; readonly lifts: readonly GuardName[] }
  /** A limit that has to be this high at least; null takes it away. */
  | {
    readonly kind: "raise";
    readonly lifts: readonly GuardName[];
    readonly limit: "maxDailyUsd" | "maxDecidesPerHour";
    readonly value: number | null;
  };

/** What keeps the next beat from the LLM and what would let it through. */
export interface WakeAdvice {
  /** The first guard that holds. */
  readonly holding: GuardName | undefined;
  /** Empty where nothing holds. */
  readonly needed: readonly NeededChange[];
  /** When the guards let go by themselves if nothing changes; undefined where they never do. */
  readonly freeAtMs: number | undefined;
}

/** Cents: what people write for a cap. */
const CENTS = 100;

/** Finds the smallest changes for a state. */
export function adviseWake(state: GuardState): WakeAdvice {
  const verdicts = judgeGuards(state);
  const held = verdicts.filter(({ holds }) => holds);
  const lifts = held.map(({ guard }) => guard);
  const worldGuards = lifts.filter((guard) => guard === "unchanged" || guard === "backoff");
  const needed: NeededChange[] = [];
  if (worldGuards.length > 0) needed.push({ kind: "edit", lifts: worldGuards });
  if (lifts.includes("budget")) {
    needed.push({
      kind: "raise",
      lifts: ["budget"],
      limit: "maxDailyUsd",
      value: state.budget.unmeteredToday > 0 || state.budget.problem !== undefined
        ? null
        : justAbove(state.budget.spentTodayUsd),
    });
  }
  if (lifts.includes("rate") && state.rate.problem !== undefined) {
    needed.push({ kind: "forget", lifts: ["rate"] });
  } else if (lifts.includes("rate")) {
    const { decidedAtMs } = state.rate;
    needed.push({
      kind: "raise",
      lifts: ["rate"],
      limit: "maxDecidesPerHour",
      value: decidedAtMs.length + 1,
    });
  }
  const untils = held.map(({ untilMs }) => untilMs);
  const isForever = untils.some((untilMs) => untilMs === undefined);
  return {
    holding: findHolding(verdicts)?.guard,
    needed,
    freeAtMs: isForever ? undefined : Math.max(state.nowMs, ...untils.map((ms) => ms ?? 0)),
  };
}

/** The state after the changes were made; the edit stands for any that makes another world. */
export function applyChanges(state: GuardState, needed: readonly NeededChange[]): GuardState {
  return needed.reduce<GuardState>((before, change) => {
    if (change.kind === "edit") return { ...before, worldHash: `${before.worldHash} edited` };
    if (change.kind === "forget") {
      return { ...before, rate: { maxPerHour: before.rate.maxPerHour, decidedAtMs: [] } };
    }
    return change.limit === "maxDailyUsd"
      ? { ...before, budget: { ...before.budget, capUsd: change.value ?? undefined } }
      : { ...before, rate: { ...before.rate, maxPerHour: change.value ?? 0 } };
  }, state);
}

/** The lowest amount in whole cents that is more than what was spent. */
function justAbove(spentUsd: number): number {
  return (Math.floor(spentUsd * CENTS + 1e-6) + 1) / CENTS;
}
