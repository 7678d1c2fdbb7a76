/**
 * looop: argv -> verb -> exit code. The only place that exits.
 *
 * @module
 */
import { runCommandLine } from "./src/cli/app.ts";
import { processContext } from "./src/cli/context.ts";
import { VERBS } from "./src/cli/verbs.ts";
import { registerEntry } from "./src/profile/entry.ts";

if (import.meta.main) {
  registerEntry(import.meta.url);
  Deno.exit(await runCommandLine(Deno.args, processContext(), VERBS, "run"));
}
