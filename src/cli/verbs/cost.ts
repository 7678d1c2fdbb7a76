/**
 * `looop cost`.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { jsonFlag } from "../params.ts";
import { jsonLine } from "../json_text.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean };

const SCOPES = ["today", "all"] as const;
type Scope = typeof SCOPES[number];

export const cost = defineVerb<Flags, [Scope?]>({
  name: "cost",
  group: "records",
  brief: "Print what the LLM calls cost: total, by day, kind and runner",
  detail: "All days where no scope is given. Runs whose stream named no cost are counted apart.",
  example: "looop cost today",
  completes: ["today", "all"],
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "today or all", parse: parseScope, placeholder: "scope", optional: true },
      ],
    },
  },
  async run({ json }, scope = "all") {
    const { openProfile, requireProfile } = await import("../../profile/profile.ts");
    const { sumCosts } = await import("../../log/cost_ledger.ts");
    const { formatDay } = await import("../../log/money.ts");
    const { formatCosts, toCostJson } = await import("../cost_report.ts");
    const profile = openProfile(this.env);
    requireProfile(profile);
    const today = formatDay(new Date());
    const totals = sumCosts(profile.paths.costLedger, scope === "today" ? { day: today } : {});
    if (totals.brokenLines > 0) {
      this.remark(
        `looop cost: ${totals.brokenLines} line(s) of ${profile.paths.costLedger} cannot be read ` +
          "and are left out",
      );
    }
    if (json) this.print(jsonLine(toCostJson(totals, today)));
    else this.print(formatCosts(totals, scope));
  },
});

function parseScope(text: string): Scope {
  const scope = SCOPES.find((known) => known === text);
  if (scope) return scope;
  throw new UsageError(`"${text}" is neither today nor all`, "write today or all");
}
