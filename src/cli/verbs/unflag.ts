/**
 * `looop unflag`.
 *
 * @module
 */
import { refusePulse, sessionArgument, sessionsDirOf, wakePulse } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const unflag = defineVerb<NoFlags, [string]>({
  name: "unflag",
  group: "workers",
  brief: "Take a worker's flag down",
  example: "looop unflag fix-ci",
  completes: "session",
  parameters: { positional: sessionArgument },
  async run(_flags, id) {
    refusePulse(id);
    const { clearFlag } = await import("../../session/flag_session.ts");
    clearFlag(await sessionsDirOf(this), id);
    await wakePulse(this);
  },
});
