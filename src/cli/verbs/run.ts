/**
 * `looop`: the loop in the foreground.
 *
 * @module
 */
import type { CliContext } from "../context.ts";
import { unlessClosed } from "../context.ts";
import type { LogEvent } from "../../log/events.ts";
import { jsonLine } from "../json_text.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean };

export const run = defineVerb<Flags, []>({
  name: "run",
  group: "loop",
  brief: "Run the loop in the foreground; what a bare `looop` does",
  detail:
    "Starts the pulse, shows what it does, and ends pulse and workers on Ctrl-C. A second one " +
    "follows only. What each beat says again is told at growing distances, with a count; --json and " +
    "events.jsonl leave nothing out. Leave it in the background with `looop &` or nohup.",
  example: "looop",
  parameters: {
    flags: {
      json: {
        kind: "boolean",
        brief: "Print every line as one JSON object",
        default: false,
        withNegated: false,
      },
    },
  },
  run: runForeground,
});

async function runForeground(this: CliContext, { json }: Flags): Promise<void> {
  const [
    foreground,
    { openBeat },
    { requireAgent },
    { gateRules },
    { formatEventLine, isForPeople, wantsJsonLines },
    { wantsColour },
    text,
    { RepeatFold },
  ] = await Promise.all([
    import("../../pulse/foreground.ts"),
    import("../../pulse/open_beat.ts"),
    import("../../pulse/preflight.ts"),
    import("../../pulse/act_context.ts"),
    import("../../log/event_line.ts"),
    import("../style.ts"),
    import("../../base/plain_text.ts"),
    import("../../log/fold_repeats.ts"),
  ]);
  const asJson = json || wantsJsonLines(this.env);
  const hasColour = wantsColour(this);
  // Whoever read our output may leave; the loop itself is what counts and goes on.
  const print = unlessClosed((line: string) => this.print(line));
  const repeats = new RepeatFold();
  const show = (event: LogEvent) => {
    if (asJson) print(jsonLine(event));
    else if (isForPeople(event)) {
      const told = repeats.fold(event);
      if (told) print(formatEventLine(told, hasColour) + "\n");
    }
  };
  // What is told while the profile opens is shown here; from then on everything is read from the file.
  let isOpening = true;
  const context = openBeat(this.env, { onEvent: (event) => isOpening && show(event) });
  isOpening = false;
  requireAgent(context.settings, this.env);
  gateRules(context); // A rule that is none is told before anything starts.
  this.exitCode = await foreground.runForeground(context, {
    env: this.env,
    show,
    showLastWords: unlessClosed((words) => this.remark(text.stripControls(words))),
  });
}
