/**
 * `looop restart`.
 *
 * @module
 */
import { refusePulse, sessionArgument, wakePulse } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const restart = defineVerb<NoFlags, [string]>({
  name: "restart",
  group: "workers",
  brief: "End a worker and start its command anew, with its id and size",
  example: "looop restart fix-ci",
  completes: "session",
  parameters: { positional: sessionArgument },
  async run(_flags, id) {
    refusePulse(id);
    const [{ openProfile, requireProfile }, { restartWorker }, { loadSettings }] = await Promise
      .all([
        import("../../profile/profile.ts"),
        import("../../pulse/start_worker.ts"),
        import("../../pulse/beat_context.ts"),
      ]);
    const profile = openProfile(this.env);
    requireProfile(profile);
    await restartWorker({ profile, settings: loadSettings(profile, this.env) }, id);
    await wakePulse(this);
  },
});
