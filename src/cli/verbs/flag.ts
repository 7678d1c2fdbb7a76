/**
 * `looop flag`.
 *
 * @module
 */
import { textArgument } from "../params.ts";
import { refusePulse, sessionsDirOf, wakePulse } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const flag = defineVerb<NoFlags, [string, string?]>({
  name: "flag",
  group: "workers",
  brief: "Ask for a human at a worker",
  example: 'looop flag fix-ci "Merge now, or wait for the release?"',
  completes: "session",
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        textArgument("id", "The session's id"),
        { ...textArgument("message", "What the human is asked"), optional: true },
      ],
    },
  },
  async run(_flags, id, message = "") {
    refusePulse(id);
    const { raiseFlag } = await import("../../session/flag_session.ts");
    raiseFlag(await sessionsDirOf(this), id, message);
    await wakePulse(this);
  },
});
