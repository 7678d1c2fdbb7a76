/**
 * `looop _demo-decide`: the demo's decider, run in the place of an agent.
 *
 * @module
 */
import { defineVerb, type NoFlags } from "../verb.ts";

export const demoDecide = defineVerb<NoFlags, []>({
  name: "_demo-decide",
  group: "hidden",
  brief:
    "Decide as the demo's script does: prompt on standard input, decision into the working directory",
  example: "looop _demo-decide < prompt.md",
  parameters: {},
  async run() {
    const { decideDemo } = await import("../../pulse/demo/demo_decider.ts");
    const decision = decideDemo(await new Response(Deno.stdin.readable).text());
    Deno.writeTextFileSync(".decision.json", JSON.stringify(decision));
    // What Claude Code says at the end of a run; a script costs nothing.
    const result = {
      type: "result",
      subtype: "success",
      is_error: false,
      total_cost_usd: 0,
      result: "",
    };
    this.print(JSON.stringify(result) + "\n");
  },
});
