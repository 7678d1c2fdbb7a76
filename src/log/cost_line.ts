/**
 * One line of `cost.jsonl`: what one run cost, or what many older runs did together.
 *
 * @module
 */
import * as z from "zod/mini";
import { formatDay, MAX_COST_USD, toMicroUsd, toUsd } from "./money.ts";

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

const StoredLine = z.object({
  ts: z.string(),
  kind: z.string(),
  id: z.string(),
  runner: z.string(),
  cost_usd: z.nullable(z.number().check(z.minimum(0), z.maximum(1e12))),
  day: z.optional(z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/))),
  runs: z.optional(z.int().check(z.minimum(0))),
  unnamed_runs: z.optional(z.int().check(z.minimum(0))),
});

/** Tells whether an amount can stand in the ledger: 0 to a million dollars. */
export function isCost(usd: unknown): usd is number {
  return typeof usd === "number" && usd >= 0 && usd <= MAX_COST_USD;
}

/** Turns a run's cost into the object that is written down. */
export function toStoredCost(entry: CostEntry, now: Date): z.infer<typeof StoredLine> {
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
export function toStoredSum(line: CostLine): z.infer<typeof StoredLine> {
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
  const parsed = StoredLine.safeParse(value);
  const time = parsed.success ? Date.parse(parsed.data.ts) : NaN;
  if (!parsed.success || Number.isNaN(time)) return undefined;
  const { ts, kind, id, runner, cost_usd, day, runs, unnamed_runs } = parsed.data;
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
