/**
 * `looop _supervise <folder>`: the process that keeps one session. Started by looop itself.
 *
 * @module
 */
import { textArgument } from "../params.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const superviseVerb = defineVerb<NoFlags, [string]>({
  name: "_supervise",
  group: "hidden",
  brief: "Keep one session",
  example: "looop _supervise ~/.local/state/looop/sessions/fix-ci",
  parameters: {
    positional: { kind: "tuple", parameters: [textArgument("folder", "The session's folder")] },
  },
  async run(_flags, dir) {
    const { supervise } = await import("../../session/supervise.ts");
    this.exitCode = await supervise(dir, async () => {
      const [{ createScreenKeeper }, { createAttachServer }] = await Promise.all([
        import("../../session/screen_keeper.ts"),
        import("../../session/attach_server.ts"),
      ]);
      return { createScreenKeeper, createAttachServer };
    });
  },
});
