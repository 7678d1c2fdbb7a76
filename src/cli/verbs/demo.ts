/**
 * `looop demo`.
 *
 * @module
 */
import { LooopError } from "../../base/errors.ts";
import { unlessClosed } from "../context.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const demo = defineVerb<NoFlags, []>({
  name: "demo",
  group: "loop",
  brief: "Show a whole loop at work in ten seconds",
  detail:
    "Makes a throwaway profile over a little git repository and runs the real loop in it, with " +
    "a script in the LLM's place. Nothing of yours is touched.",
  example: "looop demo",
  parameters: {},
  async run() {
    const [{ runDemo }, { formatEventLine, isForPeople }, { wantsColour }] = await Promise.all([
      import("../../pulse/demo/demo.ts"),
      import("../../log/event_line.ts"),
      import("../style.ts"),
    ]);
    const hasColour = wantsColour(this);
    // Whoever watched may leave: the demo still ends what it started and removes its folder.
    const print = unlessClosed((text) => this.print(text));
    const bold = (text: string) => hasColour ? `\x1b[1m${text}\x1b[0m` : text;
    const { exitCode, missing } = await runDemo({
      env: this.env,
      showEvent: (event) => {
        if (isForPeople(event)) {
          print(formatEventLine(event, hasColour) + "\n");
        }
      },
      narrate: (sentence) => print(`\n${bold(sentence)}\n`),
      showText: (lines) => print(lines.map((line) => `    ${line}\n`).join("")),
    });
    if (missing.length > 0) {
      throw new LooopError(`these steps did not happen: ${missing.join("; ")}`, { exitCode });
    }
    this.exitCode = exitCode;
    if (exitCode === 0) {
      print(`\n${bold("That was the whole loop.")} Yours begins with: looop\n`);
    }
  },
});
