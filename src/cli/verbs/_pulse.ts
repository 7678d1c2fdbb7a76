/**
 * `looop _pulse`: the beating process inside the session `pulse`. Started by the foreground.
 *
 * @module
 */
import { defineVerb, type NoFlags } from "../verb.ts";

export const pulse = defineVerb<NoFlags, []>({
  name: "_pulse",
  group: "hidden",
  brief: "Beat until told to stop",
  example: "looop _pulse",
  parameters: {},
  async run() {
    const [{ runLoop }, { openBeat }, { formatEventLine }] = await Promise.all([
      import("../../pulse/loop.ts"),
      import("../../pulse/open_beat.ts"),
      import("../../log/event_line.ts"),
    ]);
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => stop.abort());
    }
    const context = openBeat(this.env, {
      // A terminal that has gone must not end a pulse that is about to stop in order.
      onEvent: (event) => {
        try {
          this.print(formatEventLine(event, true) + "\n");
        } catch {
          stop.abort();
        }
      },
      signal: stop.signal,
    });
    await runLoop(context, { env: this.env, signal: stop.signal });
  },
});
