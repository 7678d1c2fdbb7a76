/**
 * `looop status`: pulse, last beat, workers, questions and today's cost. Needs no agent program.
 *
 * @module
 */
import { messageOf } from "../../base/errors.ts";
import type { Settings } from "../../pulse/beat_context.ts";
import type { CliContext } from "../context.ts";
import { jsonFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean };

export const status = defineVerb<Flags, []>({
  name: "status",
  group: "loop",
  brief: "Show the pulse, the last beat, what holds it, workers, questions and today's cost",
  example: "looop status --json",
  parameters: { flags: { json: jsonFlag } },
  run: showStatus,
});

async function showStatus(this: CliContext, flags: Flags): Promise<void> {
  const [{ openProfile, requireProfile }, { readStatus }, { loadSettings }] = await Promise.all([
    import("../../profile/profile.ts"),
    import("../../pulse/read_status.ts"),
    import("../../pulse/beat_context.ts"),
  ]);
  const profile = openProfile(this.env);
  requireProfile(profile);
  const now = new Date();
  let settings: Settings | undefined;
  try {
    settings = loadSettings(profile, this.env);
    for (const warning of settings.warnings) this.remark(`looop status: ${warning}`);
  } catch (error) {
    // One wants to look just then; a running pulse goes on with the settings of before.
    this.remark(`looop status: ${messageOf(error)}`);
  }
  const state = readStatus(profile, { settings, now });
  if (flags.json) return this.print((await import("../json_text.ts")).jsonText(state));
  const { formatStatus } = await import("../status_text.ts");
  const columns = this.columns();
  const { fitLine } = columns === undefined
    ? { fitLine: undefined }
    : await import("../fit_line.ts");
  this.print(formatStatus(state, now, (line) => fitLine?.(line, columns) ?? line));
}
