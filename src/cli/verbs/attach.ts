/**
 * `looop attach`.
 *
 * @module
 */
import { LooopError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { getLiveWorker, sessionArgument, sessionsDirOf } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const attach = defineVerb<NoFlags, [string]>({
  name: "attach",
  group: "workers",
  brief: "Take over a worker's terminal",
  detail: "Ctrl-\\ Ctrl-\\ leaves it; the worker goes on. One at a time; others can `watch`.",
  example: "looop attach fix-ci",
  completes: "session",
  parameters: { positional: sessionArgument },
  run: attachHere,
});

async function attachHere(this: CliContext, _flags: NoFlags, id: string): Promise<void> {
  const { dir } = await getLiveWorker(this, id);
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    throw new LooopError("standard input and output are not a terminal", {
      hint: `\`looop watch ${id}\` follows the output, \`looop send ${id}\` types into it`,
    });
  }
  const { attachTerminal } = await import("../../session/attach_client.ts");
  const user = this.env("USER") ?? this.env("LOGNAME");
  const since = new Date().toTimeString().slice(0, 5);
  const who = `${
    user ? `${user.slice(0, 40)} (pid ${Deno.pid})` : `pid ${Deno.pid}`
  } since ${since}`;
  const reason = await attachTerminal({
    sessionsDir: await sessionsDirOf(this),
    id,
    dir,
    who,
    exit: (code) => Deno.exit(code),
  });
  this.print(`[${describe(reason, id)}]\n`);
}

function describe(reason: "left" | "thrown out" | "session ended", id: string): string {
  if (reason === "left") return `detached; \`looop attach ${id}\` comes back`;
  return reason === "thrown out" ? `thrown out of "${id}"` : `the session "${id}" ended`;
}
