/**
 * `looop kill`.
 *
 * @module
 */
import { refusePulse, sessionArgument, sessionsDirOf } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const kill = defineVerb<NoFlags, [string]>({
  name: "kill",
  group: "workers",
  brief: "End a worker with everything that it started",
  detail: "Hangs up and terminates; what is left after 3 s is killed. Returns when all are gone.",
  example: "looop kill fix-ci",
  completes: "session",
  parameters: { positional: sessionArgument },
  async run(_flags, id) {
    refusePulse(id);
    const { killSession } = await import("../../session/end_session.ts");
    const outcome = await killSession(await sessionsDirOf(this), id);
    if (outcome === "was over") this.remark(`looop kill: the session "${id}" was over already`);
  },
});
