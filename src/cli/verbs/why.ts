/**
 * `looop why`: what the loop waits for, and what woke it last.
 *
 * @module
 */
import type { CliContext } from "../context.ts";
import { jsonFlag, switchFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean; readonly last: boolean };

export const why = defineVerb<Flags, []>({
  name: "why",
  group: "loop",
  brief: "Say what the loop waits for and what would wake it",
  detail:
    "Reads and changes nothing: files and sessions as they are now, readings as the last beat left " +
    "them, limits of this environment and config (a running pulse has the environment of its start). " +
    "With --last: what woke the last decided beat, its move and its cost.",
  example: "looop why --last",
  parameters: {
    flags: { json: jsonFlag, last: switchFlag("Tell of the last decided beat instead") },
  },
  run: explain,
});

async function explain(this: CliContext, { json, last }: Flags): Promise<void> {
  const [{ openProfile, requireProfile }, { jsonText }, { formatLast, formatWait }] = await Promise
    .all([
      import("../../profile/profile.ts"),
      import("../json_text.ts"),
      import("../why_text.ts"),
    ]);
  const profile = openProfile(this.env);
  requireProfile(profile);
  const now = new Date();
  if (last) {
    const { explainLast } = await import("../../pulse/explain_last.ts");
    const account = explainLast(profile.paths);
    if (json) return this.print(jsonText(account ?? null));
    if (account === undefined) return this.remark("no beat was decided yet");
    return this.print(formatLast(account, now));
  }
  const { explainWait } = await import("../../pulse/explain_wait.ts");
  const account = explainWait(profile, this.env, now);
  this.print(json ? jsonText(account) : formatWait(account, now));
}
