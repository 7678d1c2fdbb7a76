/**
 * Shows rows to people: one table, as Markdown that also reads well in a terminal.
 *
 * @module
 */
import type { Machine } from "./machine.ts";
import type { Row } from "./row.ts";

/** What one run of the benchmark found. */
export interface BenchResult {
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** Formats a run. */
export function formatTable({ machine, rows }: BenchResult): string {
  const { processor, cores, memory_gib, system, load_before, deno, date } = machine;
  const head = ["what", "value", "half of all", "against", "its value", "ratio", "to reach", ""];
  const cells = rows.map((row) => [
    row.name,
    row.value === null ? "" : `${row.value} ${row.unit}`,
    row.spread ? `${row.spread[0]} to ${row.spread[1]}, n=${row.times}` : "",
    row.against,
    row.baseline === null ? "" : `${row.baseline} ${row.unit}`,
    row.ratio === null ? "" : `${row.ratio}x`,
    row.target,
    row.value === null ? "-" : row.ok ? "ok" : "short",
  ]);
  const table = [head, head.map(() => "---"), ...cells];
  const widths = head.map((_, i) => Math.max(...table.map((line) => line[i]!.length)));
  const lines = table.map((line) =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`
  );
  const notes = rows.flatMap(({ name, note, reason }) => [
    ...(note === undefined ? [] : [`- ${name}: ${note}`]),
    ...(reason === undefined ? [] : [`- ${name}: ${reason}`]),
  ]);
  return [
    `${date}, ${processor}, ${cores} cores, ${memory_gib} GiB, ${system}, Deno ${deno}, ` +
    `load before ${load_before}`,
    "",
    ...lines,
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}
