/**
 * `looop start-session`.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { textArgument } from "../params.ts";
import { refusePulse, wakePulse } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const startSession = defineVerb<NoFlags, [string, string, string?]>({
  name: "start-session",
  group: "workers",
  brief: "Start a worker in a terminal of its own",
  example: 'looop start-session fix-ci "Find out why CI is red" claude',
  completesLater: { at: 3, onwards: false, offers: "runner" },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        textArgument("id", "Its id: letters, digits, dots, dashes, underscores"),
        textArgument("prompt", "What it shall do; - reads it from standard input"),
        { ...textArgument("runner", "Who runs it; the config's default"), optional: true },
      ],
    },
  },
  async run(_flags, id, given, runner) {
    refusePulse(id);
    const prompt = given === "-" ? await new Response(Deno.stdin.readable).text() : given;
    if (prompt.trim() === "") throw new UsageError("the prompt is empty", "say what it shall do");
    const [{ launchSupervisor }, { selfCommand }] = await Promise.all([
      import("../../session/launch_supervisor.ts"),
      import("../../profile/self.ts"),
    ]);
    // It comes up while everything else is read and checked.
    await using supervisor = launchSupervisor([...selfCommand(), "_supervise", id]);
    const [
      { openProfile },
      { seedProfile },
      { startWorker },
      { loadSettings },
      { requireAgent },
      { workersAmong },
      { listSessions },
    ] = await Promise.all([
      import("../../profile/profile.ts"),
      import("../../profile/seed.ts"),
      import("../../pulse/start_worker.ts"),
      import("../../pulse/beat_context.ts"),
      import("../../pulse/preflight.ts"),
      import("../../pulse/sessions_reading.ts"),
      import("../../session/registry.ts"),
    ]);
    const profile = openProfile(this.env);
    seedProfile(profile, this.env);
    const settings = loadSettings(profile, this.env);
    requireAgent(settings, this.env, { kind: "interactive", runner });
    await startWorker({ profile, settings }, id, { prompt, runner, supervisor });
    await wakePulse(this);
    this.print(`${id}\n`);
    const { maxWorkers } = settings.knobs;
    const living = workersAmong(listSessions(profile.paths.sessionsDir))
      .filter(({ isAlive }) => isAlive).length;
    if (maxWorkers > 0 && living > maxWorkers) {
      this.remark(
        `with ${id}, ${living} workers live now; looop itself starts none above ${maxWorkers}`,
      );
    }
  },
});
