/**
 * `looop tick`: one beat, then exit.
 *
 * @module
 */
import type { Judgement } from "../../act/gate.ts";
import { ExitCode, LooopError } from "../../base/errors.ts";
import { foldLine } from "../../base/plain_text.ts";
import type { CliContext } from "../context.ts";
import { jsonLine, jsonText } from "../json_text.ts";
import { switchFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly dryRun: boolean; readonly force: boolean };

export const tick = defineVerb<Flags, []>({
  name: "tick",
  group: "loop",
  brief: "Run one beat and exit",
  detail:
    "With --dry-run also what the gate would say of the move. Exits 0 when it acted, asked or found nothing changed; 1 when it failed, was refused, " +
    "stale or held by a guard, or when another pulse or tick holds the profile.",
  example: "looop tick --dry-run",
  parameters: {
    flags: {
      dryRun: switchFlag(
        "Print the prompt's path, the gate's word and the decision; execute nothing",
      ),
      force: switchFlag("Pass unchanged and backoff; never budget, rate or lock"),
    },
  },
  run: runTick,
});

/** What would become of a move, the rule that says so, and what the rule saw. */
function describeJudgement({ verdict, rule, matched }: Judgement): string {
  if (verdict === "allow") return "allowed";
  const words = verdict === "ask" ? "would ask you" : "denied";
  return foldLine(`${words} (rule ${rule}): ${matched}`);
}

async function runTick(this: CliContext, flags: Flags): Promise<void> {
  const [
    { beat },
    { openBeat },
    { requireAgent },
    { gateRules },
    { formatEventLine, wantsJsonLines },
    { wantsColour },
    locks,
  ] = await Promise.all([
    import("../../pulse/beat.ts"),
    import("../../pulse/open_beat.ts"),
    import("../../pulse/preflight.ts"),
    import("../../pulse/act_context.ts"),
    import("../../log/event_line.ts"),
    import("../style.ts"),
    import("../../base/file_lock.ts"),
  ]);
  const asJson = wantsJsonLines(this.env);
  const hasColour = wantsColour(this);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    const context = openBeat(this.env, {
      onEvent: (event) =>
        this.print(asJson ? jsonLine(event) : formatEventLine(event, hasColour) + "\n"),
      signal: stop.signal,
    });
    using lock = locks.tryLock(context.profile.paths.lock);
    if (!lock) {
      const pid = locks.readLockPid(context.profile.paths.lock);
      throw new LooopError(`another pulse or tick holds this profile: pid ${pid ?? "unknown"}`, {
        hint: "wait for it, or watch it with `looop watch pulse`",
      });
    }
    requireAgent(context.settings, this.env);
    gateRules(context); // A rule that is none is told before anything runs.
    const result = await beat(context, { isForced: flags.force, isDryRun: flags.dryRun });
    if (result.outcome === "previewed") {
      this.print(
        `prompt: ${result.promptPath}\n` +
          `gate: ${describeJudgement(result.judgement)}\n${jsonText(result.decision)}`,
      );
      if (result.judgement.verdict === "deny") this.exitCode = ExitCode.failed;
      return;
    }
    if (flags.dryRun && "reason" in result) {
      this.remark(foldLine(`looop tick: ${result.outcome}: ${result.reason}`));
    }
    if (stop.signal.aborted) this.exitCode = ExitCode.interrupted;
    else if (!["acted", "asked", "unchanged"].includes(result.outcome)) {
      this.exitCode = ExitCode.failed;
    }
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}
