/**
 * `looop send`.
 *
 * @module
 */
import { LooopError, messageOf, UsageError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { durationFlag, jsonFlag, switchFlag, textArgument } from "../params.ts";
import { getLiveWorker, reportTyping, TYPE_TIMEOUT_MS } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly noEnter: boolean; readonly json: boolean; readonly timeout?: number };

export const send = defineVerb<Flags, [string, ...string[]]>({
  name: "send",
  group: "workers",
  brief: "Type text into a worker, then Enter",
  detail: [
    'Several words are joined by spaces; "-" reads standard input; "--" ends the flags.',
    "Exits 124 when the program does not read the text. When the screen never showed it,",
    "that is said on standard error and the exit code is 0.",
  ].join("\n"),
  example: 'looop send fix-ci "run the tests again"',
  completes: "session",
  parameters: {
    flags: {
      noEnter: switchFlag("Leave out Enter"),
      json: jsonFlag,
      timeout: durationFlag("How long the program may take to read it; 10s"),
    },
    aliases: { n: "noEnter" },
    positional: {
      kind: "array",
      parameter: textArgument("id> <text", "The session's id, then what to type"),
      minimum: 1,
    },
  },
  run: sendText,
});

async function sendText(this: CliContext, flags: Flags, id: string, ...words: string[]) {
  if (words.length === 0) {
    throw new UsageError("No text is given", `Write looop send ${id} "text"; "" is Enter alone`);
  }
  const { dir } = await getLiveWorker(this, id);
  const isFromStdin = words.length === 1 && words[0] === "-";
  const text = isFromStdin ? await readStdin(!flags.noEnter) : words.join(" ");
  const { typeText } = await import("../../session/type_input.ts");
  const timeoutMs = flags.timeout ?? TYPE_TIMEOUT_MS;
  const { isSeen } = await reportTyping(this, id, {
    isJson: flags.json,
    type: () => typeText(dir, text, { timeoutMs, isEnterWanted: !flags.noEnter }),
  });
  if (isSeen) return;
  this.remark(`looop send: typed, but the screen of "${id}" did not show it; see looop shot ${id}`);
}

/** Reads all of standard input; with Enter to come, its last line end is that Enter. */
async function readStdin(isEnterWanted: boolean): Promise<string> {
  try {
    const bytes = await new Response(Deno.stdin.readable).bytes();
    const text = new TextDecoder().decode(bytes);
    return isEnterWanted ? text.replace(/\r?\n$/, "") : text;
  } catch (error) {
    throw new LooopError(`cannot read standard input: ${messageOf(error)}`, { cause: error });
  }
}
