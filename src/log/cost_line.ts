/**
 * One line of `cost.jsonl`: what one run cost, or what many older runs did together.
 *
 * @module
 */
import { formatDay, MAX_COST_USD, toMicroUsd, toUsd } from "./money.ts";
import * as s from "../base/shape.ts";

/** What one run cost. */
export interface CostEntry {
  /** What kind of run: `tick`, `session`, or another word. */
  readonly kind: string;
  /** The run's or session's id. */
  readonly id: string;
  readonly runner: string;
  /** Dollars; null where the run named no cost, which is not the same as 0. */
  readonly costUsd: number | null;
}

/** Sums of runs. */
export interface CostSum {
  /** Whole micro-dollars. */
  readonly microUsd: number;
  readonly runs: number;
  /** How many of the runs named no cost. */
  readonly unnamedRuns: number;
}

/** A line as the sums need it. */
export interface CostLine extends CostSum {
  /** Local day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly kind: string;
  readonly runner: string;
  /** Undefined for a line that stands for many runs. */
  readonly id: string | undefined;
  readonly ts: string;
}

const amount = s.where(
  s.number,
  (usd) => (usd >= 0 && usd <= 1e12 ? undefined : "write an amount"),
);
const count = s.where(s.whole, (n) => (n >= 0 ? undefined : "write a count"));
const date = s.where(s.text, (day) => (/^\d{4}-\d\d-\d\d$/.test(day) ? undefined : "write a day"));

const StoredLine = s.objectWith({
  ts: s.text,
  kind: s.text,
  id: s.text,
  runner: s.text,
  cost_usd: s.orNull(amount),
  day: s.optional(date),
  runs: s.optional(count),
  unnamed_runs: s.optional(count),
});

/** Tells whether an amount can stand in the ledger: 0 to a million dollars. */
export function isCost(usd: unknown): usd is number {
  return typeof usd === "number" && usd >= 0 && usd <= MAX_COST_USD;
}

/** Turns a run's cost into the object that is written down. */
export function toStoredCost(entry: CostEntry, now: Date): s.ValueOf<typeof StoredLine> {
  const { kind, id, runner, costUsd } = entry;
  return {
    ts: now.toISOString(),
    kind,
    id,
    runner,
    cost_usd: costUsd === null ? null : toUsd(toMicroUsd(costUsd)),
  };
}

/** Turns the sum of many runs of one day, kind and runner into the object that is written down. */
export function toStoredSum(line: CostLine): s.ValueOf<typeof StoredLine> {
  return {
    ts: line.ts,
    kind: line.kind,
    id: "*",
    runner: line.runner,
    cost_usd: toUsd(line.microUsd),
    day: line.day,
    runs: line.runs,
    unnamed_runs: line.unnamedRuns,
  };
}

/** Reads a stored object, or returns undefined where it is no line of a ledger. */
export function parseCostLine(value: unknown): CostLine | undefined {
  const stored = s.matches(StoredLine, value);
  const time = stored ? Date.parse(stored.ts) : NaN;
  if (!stored || Number.isNaN(time)) return undefined;
  const { ts, kind, id, runner, cost_usd, day, runs, unnamed_runs } = stored;
  return {
    ts,
    kind,
    id: runs === undefined ? id : undefined,
    runner,
    day: day ?? formatDay(new Date(time)),
    microUsd: toMicroUsd(cost_usd ?? 0),
    runs: runs ?? 1,
    unnamedRuns: unnamed_runs ?? (cost_usd === null ? 1 : 0),
  };
}
