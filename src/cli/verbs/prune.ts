/**
 * `looop prune`.
 *
 * @module
 */
import { PULSE_ID, sessionsDirOf } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const prune = defineVerb<NoFlags, []>({
  name: "prune",
  group: "workers",
  brief: "Remove the folders of all sessions that are over",
  detail: "Prints the ids of the workers that it removed.",
  example: "looop prune",
  parameters: {},
  async run() {
    const { pruneSessions } = await import("../../session/prune_sessions.ts");
    const removed = await pruneSessions(await sessionsDirOf(this));
    for (const id of removed) if (id !== PULSE_ID) this.print(`${id}\n`);
    if (removed.length === 0) this.remark("no session is over");
    if (removed.includes(PULSE_ID)) this.remark("what the last pulse printed was removed, too");
  },
});
