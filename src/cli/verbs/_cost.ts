/**
 * `looop _cost session <id> <runner> <usd>`: how a worker reports what it cost.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { textArgument } from "../params.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const cost_ = defineVerb<NoFlags, [string, string, string, number]>({
  name: "_cost",
  group: "hidden",
  brief: "Record what a worker's session cost",
  detail: "The ledger is LOOOP_COST_LEDGER, else the profile's.",
  example: '"$LOOOP_BIN" _cost session fix-login claude 1.25',
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "session", parse: parseKind, placeholder: "kind" },
        { brief: "Id of the session", parse: parseId, placeholder: "id" },
        textArgument("runner", "Name of the runner"),
        { brief: "Dollars, such as 1.25", parse: parseUsd, placeholder: "usd" },
      ],
    },
  },
  async run(_flags, kind, id, runner, costUsd) {
    const { openProfile, requireProfile } = await import("../../profile/profile.ts");
    const { recordCost } = await import("../../log/cost_ledger.ts");
    const named = this.env("LOOOP_COST_LEDGER");
    if (named === undefined) requireProfile(openProfile(this.env));
    const ledger = named ?? openProfile(this.env).paths.costLedger;
    recordCost(ledger, { kind, id, runner: runner.slice(0, 64), costUsd }, { now: new Date() });
  },
});

function parseKind(text: string): string {
  if (text === "session") return text;
  throw new UsageError(`"${text}" is no kind; only session is`, "write session");
}

function parseId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  throw new UsageError(`"${text}" is no session id`, "write the id that `looop ls` shows");
}

function parseUsd(text: string): number {
  const usd = /^\$?\d{1,7}(\.\d+)?$/.test(text) ? Number(text.replace("$", "")) : NaN;
  if (usd <= 1_000_000) return usd;
  throw new UsageError(`"${text}" is no amount of dollars`, "write a number such as 1.25");
}
