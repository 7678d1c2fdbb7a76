/**
 * `looop _supervise`: the process that keeps one session. Started by looop itself, which tells it
 * the session on its standard input.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const superviseVerb = defineVerb<NoFlags, []>({
  name: "_supervise",
  group: "hidden",
  brief: "Keep the session that standard input tells",
  example: "looop _supervise < session.json",
  parameters: {},
  ignoresWords: true,
  async run() {
    if (Deno.stdin.isTerminal()) {
      throw new UsageError("looop itself starts this", "`looop start-session` starts a worker");
    }
    const { supervise } = await import("../../session/supervise.ts");
    this.exitCode = await supervise(Deno.stdin.readable, async () => {
      const [{ createScreenKeeper }, { createAttachServer }] = await Promise.all([
        import("../../session/screen_keeper.ts"),
        import("../../session/attach_server.ts"),
      ]);
      return { createScreenKeeper, createAttachServer };
    });
  },
});
