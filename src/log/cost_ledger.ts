/**
 * The cost ledger, `cost.jsonl`: what every run of an LLM cost. Several processes append to it.
 *
 * It stays within bounds by turning older lines into one line for each day, kind and runner, so that
 * no total ever changes. Sums are exact: whole micro-dollars. A line that cannot be read is kept, left
 * out of the sums, and counted.
 *
 * @module
 */
import { appendJsonLine, parseJsonLines } from "../base/jsonl_file.ts";
import { readLines, readLinesBackward } from "../base/line_reader.ts";
import {
  type CostEntry,
  type CostLine,
  type CostSum,
  parseCostLine,
  toStoredCost,
  toStoredSum,
} from "./cost_line.ts";
import { formatDay } from "./money.ts";

/** Size beyond which the older half of the ledger is summed up. */
const DEFAULT_LIMIT_BYTES = 1024 * 1024;
/** Up to this size the whole ledger is read for today's sum, whatever the clock did. */
const READ_WHOLE_BYTES = 128 * 1024;
/** In a larger one, so many older lines in a row show that today's lie behind. */
const OLDER_LINES_IN_A_ROW = 500;

const NOTHING: CostSum = { microUsd: 0, runs: 0, unnamedRuns: 0 };

/** Writes down what a run cost; the line is on disk when this returns. */
export function recordCost(
  path: string,
  entry: CostEntry,
  options: { readonly now: Date; readonly limitBytes?: number },
): void {
  appendJsonLine(path, toStoredCost(entry, options.now), {
    isDurable: true,
    bounds: { limitBytes: options.limitBytes ?? DEFAULT_LIMIT_BYTES, digest: sumUpOlderLines },
  });
}

/** Sums of one day, kind or runner. */
export interface NamedSum extends CostSum {
  readonly name: string;
}

/** All sums of a ledger. */
export interface CostTotals {
  readonly total: CostSum;
  /** Oldest first. */
  readonly byDay: readonly NamedSum[];
  readonly byKind: readonly NamedSum[];
  readonly byRunner: readonly NamedSum[];
  /** How many lines could not be read, and are in no sum. */
  readonly brokenLines: number;
}

/**
 * Adds up the ledger.
 *
 * @param options `day`: only that local day, `YYYY-MM-DD`.
 */
export function sumCosts(path: string, options: { readonly day?: string } = {}): CostTotals {
  const byDay = new Map<string, CostSum>();
  const byKind = new Map<string, CostSum>();
  const byRunner = new Map<string, CostSum>();
  let total = NOTHING;
  let brokenLines = 0;
  for (const { line } of costLines(readLines(path))) {
    if (!line) brokenLines++;
    if (!line || line.day !== (options.day ?? line.day)) continue;
    total = add(total, line);
    byDay.set(line.day, add(byDay.get(line.day), line));
    byKind.set(line.kind, add(byKind.get(line.kind), line));
    byRunner.set(line.runner, add(byRunner.get(line.runner), line));
  }
  return {
    total,
    byDay: toNamedSums(byDay),
    byKind: toNamedSums(byKind),
    byRunner: toNamedSums(byRunner),
    brokenLines,
  };
}

/** The sum of one day, and the lines among its own that could not be read. */
export interface DaySum extends CostSum {
  readonly brokenLines: number;
}

/**
 * Adds up the local day of `now`, reading only as much of the ledger as that takes. A line that cannot
 * be read is of today where nothing behind it says otherwise and the file was written today.
 */
export function sumCostsToday(path: string, now: Date): DaySum {
  const today = formatDay(now);
  const mayStop = sizeOf(path) > READ_WHOLE_BYTES;
  let total = NOTHING;
  let olderInARow = 0;
  let brokenLines = 0;
  let isAmongToday = formatDay(modifiedAt(path) ?? now) === today;
  for (const { line } of costLines(readLinesBackward(path))) {
    if (line) isAmongToday &&= line.day === today;
    else if (isAmongToday) brokenLines++;
    if (line?.day === today) {
      total = add(total, line);
      olderInARow = 0;
    } else if (++olderInARow >= OLDER_LINES_IN_A_ROW && mayStop) break;
  }
  return { ...total, brokenLines };
}

/**
 * Finds what one run cost, among the newer lines.
 *
 * @returns The sum of its lines; `unnamedRuns` is more than 0 when one of them named no cost. Undefined
 *   when the ledger does not know the run: its output never went through `_fmt`.
 */
export function findRunCost(
  path: string,
  run: { readonly kind: string; readonly id: string },
): CostSum | undefined {
  let sum: CostSum | undefined;
  let others = 0;
  for (const { line } of costLines(readLinesBackward(path))) {
    if (line?.id === run.id && line.kind === run.kind) sum = add(sum, line);
    else if (++others >= OLDER_LINES_IN_A_ROW) break;
  }
  return sum;
}

/** Replaces lines by one for each day, kind and runner; lines that cannot be read stay as they are. */
function sumUpOlderLines(lines: Iterable<string>): string[] {
  const sums = new Map<string, CostLine>();
  const broken: string[] = [];
  for (const { line, text } of costLines(lines)) {
    if (!line) {
      broken.push(text);
      continue;
    }
    const key = JSON.stringify([line.day, line.kind, line.runner]);
    const sum = sums.get(key);
    sums.set(key, { ...line, ...add(sum, line), id: undefined });
  }
  return [...broken, ...[...sums.values()].map((sum) => JSON.stringify(toStoredSum(sum)))];
}

function* costLines(
  lines: Iterable<string>,
): Generator<{ readonly text: string; readonly line: CostLine | undefined }> {
  for (const json of parseJsonLines(lines)) {
    yield { text: json.text, line: json.isBroken ? undefined : parseCostLine(json.value) };
  }
}

function add(left: CostSum | undefined, right: CostSum): CostSum {
  return {
    microUsd: (left?.microUsd ?? 0) + right.microUsd,
    runs: (left?.runs ?? 0) + right.runs,
    unnamedRuns: (left?.unnamedRuns ?? 0) + right.unnamedRuns,
  };
}

function toNamedSums(sums: ReadonlyMap<string, CostSum>): NamedSum[] {
  return [...sums].map(([name, sum]) => ({ name, ...sum }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function modifiedAt(path: string): Date | null {
  try {
    return Deno.statSync(path).mtime;
  } catch {
    return null; // The caller finds nothing to read either.
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
