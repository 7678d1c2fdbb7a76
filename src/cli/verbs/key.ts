/**
 * `looop key`.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { durationFlag, jsonFlag, textArgument } from "../params.ts";
import { getLiveWorker, reportTyping, TYPE_TIMEOUT_MS } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean; readonly timeout?: number };

export const key = defineVerb<Flags, [string, ...string[]]>({
  name: "key",
  group: "workers",
  brief: "Type named keys into a worker",
  detail: [
    "Keys: Enter Tab Esc Space Backspace Up Down Left Right Home End PageUp PageDown Insert",
    "Delete F1..F12, or one character; C- (Ctrl), M- (Alt) and S- (Shift) go in front.",
  ].join("\n"),
  example: "looop key fix-ci C-c Up Enter",
  completes: "session",
  completesLater: { at: 2, onwards: true, offers: "key" },
  parameters: {
    flags: {
      json: jsonFlag,
      timeout: durationFlag("How long the program may take to read them; 10s"),
    },
    positional: {
      kind: "array",
      parameter: textArgument("id> <key", "The session's id, then the keys"),
      minimum: 1,
    },
  },
  run: sendKeys,
});

async function sendKeys(this: CliContext, flags: Flags, id: string, ...keys: string[]) {
  if (keys.length === 0) throw new UsageError("No key is given", `Write looop key ${id} Enter`);
  const { dir } = await getLiveWorker(this, id);
  const { typeKeys } = await import("../../session/type_input.ts");
  const timeoutMs = flags.timeout ?? TYPE_TIMEOUT_MS;
  await reportTyping(this, id, {
    isJson: flags.json,
    type: () => typeKeys(dir, keys, { timeoutMs }),
  });
}
