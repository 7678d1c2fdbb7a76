/**
 * What may keep a beat from calling the LLM, in the order in which it is asked. Pure: a state goes in,
 * verdicts come out; the beat and `looop why` read the same ones.
 *
 * @module
 */

/** Names of the guards, in order. */
export type GuardName = "unchanged" | "backoff" | "budget" | "rate";

/** What one guard says now. */
export interface Verdict {
  readonly guard: GuardName;
  readonly holds: boolean;
  /** One sentence for a person. */
  readonly reason: string;
  /** When it lets go by itself, in ms since 1970; left out where only a change helps. */
  readonly untilMs?: number;
}

/** What is known of earlier failures. */
export interface Backoff {
  /** The world at which they happened. */
  readonly hash: string;
  readonly failures: number;
  readonly lastFailedAtMs: number;
}

/** Everything that the guards look at. */
export interface GuardState {
  readonly nowMs: number;
  readonly worldHash: string;
  readonly last: {
    readonly hash: string;
    readonly decidedAtMs: number;
    readonly wasNoop: boolean;
  } | undefined;
  /** A gate question that was refused with a reason which no prompt held so far. */
  readonly unheardNo?: string | undefined;
  readonly noopTtlMs: number;
  readonly backoff: Backoff | undefined;
  readonly budget: {
    readonly capUsd: number | undefined;
    readonly spentTodayUsd: number;
    /** Runs of today whose stream named no cost. */
    readonly unmeteredToday: number;
    /** Why the sum cannot be trusted; left out where it can. */
    readonly problem?: string;
    readonly midnightMs: number;
  };
  readonly rate: {
    readonly maxPerHour: number;
    /** When the LLM was called within the last hour, in ms since 1970, in any order. */
    readonly decidedAtMs: readonly number[];
    /** Why those are not known but assumed; left out where they are known. */
    readonly problem?: string | undefined;
  };
}

const HOUR_MS = 3_600_000;
const BACKOFF_FIRST_MS = 60_000;
const BACKOFF_MAX_MS = 300_000;

/** Returns how long the loop holds still after so many failures in a row at one world. */
export function backoffDelayMs(failures: number): number {
  return Math.min(BACKOFF_FIRST_MS * 2 ** Math.max(0, failures - 1), BACKOFF_MAX_MS);
}

/** Asks every guard, in order. The first that holds is the one that counts. */
export function judgeGuards(state: GuardState): readonly Verdict[] {
  return [judgeUnchanged(state), judgeBackoff(state), judgeBudget(state), judgeRate(state)];
}

/** Returns the guard that keeps the beat from the LLM, if any does. */
export function findHolding(
  verdicts: readonly Verdict[],
  isForced = false,
): Verdict | undefined {
  return verdicts.find(({ guard, holds }) =>
    holds && !(isForced && (guard === "unchanged" || guard === "backoff"))
  );
}

function judgeUnchanged(state: GuardState): Verdict {
  const { last, worldHash, nowMs, noopTtlMs, backoff, unheardNo } = state;
  const guard = "unchanged";
  if (last?.hash !== worldHash) {
    return {
      guard,
      holds: false,
      reason: last ? "the world has changed" : "no beat was decided yet",
    };
  }
  // A move that was approved later, and then failed: the LLM has not heard of it yet.
  if (backoff && backoff.failures > 0 && backoff.hash === worldHash) {
    return { guard, holds: false, reason: "a move has failed since the last decided beat" };
  }
  if (unheardNo !== undefined) {
    return { guard, holds: false, reason: `your no to ${unheardNo} has a reason to be heard` };
  }
  const reason = "nothing has changed since the last decided beat";
  if (!last.wasNoop) return { guard, holds: true, reason };
  const untilMs = last.decidedAtMs + noopTtlMs;
  if (nowMs < untilMs) return { guard, holds: true, reason, untilMs };
  return { guard, holds: false, reason: "the last move was a noop, long enough ago" };
}

function judgeBackoff({ backoff, worldHash, nowMs }: GuardState): Verdict {
  const guard = "backoff";
  if (!backoff || backoff.failures === 0) return { guard, holds: false, reason: "no failure" };
  if (backoff.hash !== worldHash) {
    return { guard, holds: false, reason: "the failures were at another world" };
  }
  const delayMs = backoffDelayMs(backoff.failures);
  const untilMs = backoff.lastFailedAtMs + delayMs;
  // A clock that was set back must not stretch the wait beyond its own length.
  const holds = nowMs < untilMs && untilMs - nowMs <= delayMs;
  const reason = `${backoff.failures} failed ${
    backoff.failures === 1 ? "beat" : "beats"
  } at this world`;
  return holds ? { guard, holds, reason, untilMs } : { guard, holds, reason };
}

function judgeBudget({ budget }: GuardState): Verdict {
  const { capUsd, spentTodayUsd, unmeteredToday, midnightMs: untilMs } = budget;
  const guard = "budget";
  if (capUsd === undefined) return { guard, holds: false, reason: "no daily cap is set" };
  if (spentTodayUsd >= capUsd) {
    const reason = `$${spentTodayUsd.toFixed(2)} of $${capUsd.toFixed(2)} spent today`;
    return { guard, holds: true, reason, untilMs };
  }
  if (budget.problem !== undefined) {
    const reason = `the daily cap cannot be kept: ${budget.problem}`;
    return { guard, holds: true, reason, untilMs };
  }
  if (unmeteredToday > 0) {
    const reason = "a run of today named no cost, so that the daily cap cannot be kept; " +
      'let the runner\'s output pass through "$LOOOP_BIN" _fmt, or take max_daily_usd out';
    return { guard, holds: true, reason, untilMs };
  }
  return {
    guard,
    holds: false,
    reason: `$${spentTodayUsd.toFixed(2)} of $${capUsd.toFixed(2)} spent today`,
  };
}

function judgeRate({ rate, nowMs }: GuardState): Verdict {
  const guard = "rate";
  if (rate.maxPerHour === 0) return { guard, holds: false, reason: "no limit per hour is set" };
  // A time from the future (the clock was set back) counts as now.
  const recent = rate.decidedAtMs.map((at) => Math.min(at, nowMs))
    .filter((at) => nowMs - at < HOUR_MS).sort((a, b) => a - b);
  const reason = `${recent.length} of ${rate.maxPerHour} LLM calls in the last hour`;
  if (recent.length < rate.maxPerHour) return { guard, holds: false, reason };
  return {
    guard,
    holds: true,
    reason: rate.problem ?? reason,
    untilMs: recent[recent.length - rate.maxPerHour]! + HOUR_MS,
  };
}
