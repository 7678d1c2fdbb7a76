/**
 * `deno task bench [--quick] [--json] [--only NAME] [--report FILE.md]`: how fast looop is, side by
 * side with what else one would use.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { messageOf } from "../../src/base/errors.ts";
import { FAMILIES } from "./families.ts";
import type { Family } from "./family.ts";
import { describeMachine } from "./machine.ts";
import { formatTable } from "./format.ts";
import { missingRow, type Row } from "./row.ts";
import { prepare, type Setup } from "./setup.ts";

/** Runs a family; whatever goes wrong, each of its rows is in the result. */
async function runFamily(family: Family, setup: Setup): Promise<readonly Row[]> {
  const start = performance.now();
  let rows: readonly Row[] = [];
  let why = "";
  try {
    rows = await family.run(setup);
  } catch (error) {
    why = messageOf(error);
    setup.tell(`${family.name}: ${why}`);
  }
  setup.tell(`${family.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  const missing = family.rows.filter((name) => !rows.some((row) => row.name === name));
  const source = setup.fromSource === undefined ? {} : { note: "run from source" };
  return [
    ...rows.map((row) => ({ ...row, ...source })),
    ...missing.map((name) => missingRow(name, why || "the family has left it out")),
  ];
}

/** Picks the families to run: one by its name, or those with a row of this name. */
function chooseFamilies(only: string | undefined): readonly Family[] {
  if (only === undefined) return FAMILIES.filter(({ isOnDemand }) => !isOnDemand);
  const named = FAMILIES.filter(({ name }) => name === only);
  const chosen = named.length > 0
    ? named
    : FAMILIES.filter(({ rows }) => rows.some((row) => row.startsWith(only)));
  if (chosen.length > 0) return chosen;
  const known = FAMILIES.map(({ name }) => name).join(", ");
  throw new Error(`no rows named "${only}"; take one of ${known}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      only: { type: "string" },
      report: { type: "string" },
    },
  });
  const families = chooseFamilies(values.only);
  const tell = (line: string) => console.error(line);
  const machine = describeMachine();
  const scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "looop-bench-" }));
  try {
    const setup = await prepare(scratch, { isQuick: values.quick, tell });
    const start = performance.now();
    const rows: Row[] = [];
    for (const family of families) rows.push(...await runFamily(family, setup));
    tell(`measured for ${((performance.now() - start) / 1000).toFixed(0)} s`);
    const result = { machine, rows };
    console.log(values.json ? JSON.stringify(result, undefined, 2) : formatTable(result));
    if (values.report !== undefined) {
      const { writeReport } = await import("./report.ts");
      await writeReport(values.report, result, setup);
    }
    return 0;
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    console.error(`bench: ${messageOf(error)}`);
    Deno.exit(2);
  }
}
