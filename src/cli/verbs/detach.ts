/**
 * `looop detach`.
 *
 * @module
 */
import { getLiveWorker, sessionArgument } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const detach = defineVerb<NoFlags, [string]>({
  name: "detach",
  group: "workers",
  brief: "Throw out whoever is attached to a worker",
  example: "looop detach fix-ci",
  completes: "session",
  parameters: { positional: sessionArgument },
  async run(_flags, id) {
    const { dir } = await getLiveWorker(this, id);
    const { request } = await import("../../session/channel.ts");
    const { who } = await request(dir, "detach");
    this.remark(
      typeof who === "string"
        ? `looop detach: ${who} was thrown out`
        : `looop detach: nobody was attached to "${id}"`,
    );
  },
});
