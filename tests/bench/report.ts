/**
 * Writes a run down as Markdown: the table, and how each thing grows.
 *
 * @module
 */
import { type BenchResult, formatTable } from "./format.ts";
import { type Curve, measureGrowth } from "./growth.ts";
import type { Setup } from "./setup.ts";

const BAR_WIDTH = 40;

/** Measures growth and writes the report. */
export async function writeReport(path: string, result: BenchResult, setup: Setup): Promise<void> {
  // A curve that fails must not take the table with it.
  await Deno.writeTextFile(path, formatReport(result, []));
  setup.tell("measuring growth …");
  await Deno.writeTextFile(path, formatReport(result, await measureGrowth(setup)));
}

function formatReport(result: BenchResult, curves: readonly Curve[]): string {
  return [
    "# How fast looop is",
    "",
    formatTable(result),
    "",
    "## Growth",
    "",
    ...curves.flatMap(formatCurve),
  ].join("\n");
}

function formatCurve({ name, of, points, reason }: Curve): readonly string[] {
  const most = Math.max(...points.map(({ ms }) => ms));
  const lines = points.map(({ size, ms }) => {
    const bar = "#".repeat(Math.max(1, Math.round(ms / most * BAR_WIDTH)));
    return `${String(size).padStart(6)} | ${bar} ${ms} ms`;
  });
  const why = reason === undefined ? [] : [reason, ""];
  return [`${name}, by ${of}:`, "", "```", ...lines, "```", "", ...why];
}
