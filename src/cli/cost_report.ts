/**
 * The sums of the ledger as a person reads them, and as a program does.
 *
 * @module
 */
import { foldLine } from "../base/plain_text.ts";
import type { CostTotals, NamedSum } from "../log/cost_ledger.ts";
import type { CostSum } from "../log/cost_line.ts";
import { formatUsd, toUsd } from "../log/money.ts";

/** Lays the sums out as text; by day only where there can be more than one. */
export function formatCosts(totals: CostTotals, scope: "today" | "all"): string {
  const { total, byDay, byKind, byRunner } = totals;
  const groups: (readonly [string, readonly NamedSum[]])[] = [
    [scope === "today" ? "today" : "total", [{ name: "", ...total }]],
    ...(scope === "all" ? [["by day", byDay] as const] : []),
    ["by kind", byKind],
    ["by runner", byRunner],
  ];
  const rows = groups.flatMap(([heading, sums]) =>
    sums.map((sum, index) => [
      index === 0 ? heading : "",
      foldLine(sum.name),
      formatUsd(toUsd(sum.microUsd)),
      countRuns(sum),
    ])
  );
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([heading = "", name = "", usd = "", runs = ""]) =>
    `${heading.padEnd(widths[0]!)}  ${name.padEnd(widths[1]!)}  ${
      usd.padStart(widths[2]!)
    }  ${runs}\n`
  ).join("");
}

/** Turns the sums into the object that `--json` prints. */
export function toCostJson(totals: CostTotals, today: string): Record<string, unknown> {
  const { total, byDay, byKind, byRunner, brokenLines } = totals;
  const ofToday = byDay.find(({ name }) => name === today);
  return {
    total_usd: toUsd(total.microUsd),
    today_usd: toUsd(ofToday?.microUsd ?? 0),
    runs: total.runs,
    unnamed_runs: total.unnamedRuns,
    by_day: byDay.map((sum) => toJson("day", sum)),
    by_kind: byKind.map((sum) => toJson("kind", sum)),
    by_runner: byRunner.map((sum) => toJson("runner", sum)),
    broken_lines: brokenLines,
  };
}

function toJson(key: string, { name, microUsd, runs, unnamedRuns }: NamedSum) {
  return { [key]: name, cost_usd: toUsd(microUsd), runs, unnamed_runs: unnamedRuns };
}

function countRuns({ runs, unnamedRuns }: CostSum): string {
  const counted = `${runs} ${runs === 1 ? "run" : "runs"}`;
  return unnamedRuns === 0 ? counted : `${counted}, ${unnamedRuns} of them named no cost`;
}
