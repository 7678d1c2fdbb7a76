/**
 * `looop prune`.
 *
 * @module
 */
import { sessionsDirOf } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const prune = defineVerb<NoFlags, []>({
  name: "prune",
  group: "workers",
  brief: "Remove the folders of all sessions that are over",
  example: "looop prune",
  parameters: {},
  async run() {
    const { pruneSessions } = await import("../../session/prune_sessions.ts");
    for (const id of await pruneSessions(await sessionsDirOf(this))) this.print(`${id}\n`);
  },
});
