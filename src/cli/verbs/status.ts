/**
 * `looop status`: pulse, last beat, workers, questions and today's cost. Needs no agent program.
 *
 * @module
 */
import { formatDurationMs } from "../../base/durations.ts";
import type { CliContext } from "../context.ts";
import { jsonFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean };

export const status = defineVerb<Flags, []>({
  name: "status",
  group: "loop",
  brief: "Show the pulse, the last beat, workers, questions and today's cost",
  example: "looop status --json",
  parameters: { flags: { json: jsonFlag } },
  run: showStatus,
});

async function showStatus(this: CliContext, flags: Flags): Promise<void> {
  const [
    { openProfile, requireProfile },
    { readStatus },
    { foldLine },
    { jsonText },
  ] = await Promise.all([
    import("../../profile/profile.ts"),
    import("../../pulse/read_status.ts"),
    import("../../base/plain_text.ts"),
    import("../json_text.ts"),
  ]);
  const profile = openProfile(this.env);
  requireProfile(profile);
  const now = new Date();
  const state = readStatus(profile, this.env, now);
  if (flags.json) return this.print(jsonText(state));
  const { pulse, last_tick, workers, asks } = state;
  const columns = this.columns();
  const { fitLine } = columns === undefined
    ? { fitLine: undefined }
    : await import("../fit_line.ts");
  const fit = (line: string) => fitLine?.(line, columns) ?? line;
  const ago = last_tick.at === null
    ? "never"
    : `${formatDurationMs(now.getTime() - Date.parse(last_tick.at))} ago`;
  this.print(
    [
      `pulse    ${pulse.running ? `running, pid ${pulse.pid ?? "unknown"}` : "not running"}`,
      `beat     last decided ${ago}`,
      `workers  ${workers.filter(({ alive }) => alive).length} alive`,
      ...workers.filter(({ flagged }) => flagged).map(({ id, note }) =>
        fit(`  ⚑ ${id}  ${foldLine(note ?? "")}`)
      ),
      `asks     ${asks.length === 0 ? "none" : `${asks.length} open, see \`looop asks\``}`,
      `cost     $${state.cost_today_usd.toFixed(2)} today`,
      `data     ${foldLine(state.data_dir)}`,
    ].join("\n") + "\n",
  );
}
