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

/** Says how much longer it takes for how much more there is. */
function verdictOn({ of, points }: Curve): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || first === last) return "not measured at two sizes";
  const [more, longer] = [last.size / first.size, last.ms / first.ms];
  const verdict = longer <= more ? "no faster than the work" : "faster than the work does";
  return `${more.toFixed(0)}x the ${of}, ${longer.toFixed(2)}x the time: grows ${verdict}`;
}

function formatCurve(curve: Curve): readonly string[] {
  const { name, of, points, reason } = curve;
  const most = Math.max(...points.map(({ ms }) => ms));
  const lines = points.map(({ size, ms }) => {
    const bar = "#".repeat(Math.max(1, Math.round(ms / most * BAR_WIDTH)));
    return `${String(size).padStart(6)} | ${bar} ${ms} ms`;
  });
  const why = reason === undefined ? [] : [reason, ""];
  return [`${name}, by ${of}:`, "", "```", ...lines, "```", "", verdictOn(curve), "", ...why];
}
