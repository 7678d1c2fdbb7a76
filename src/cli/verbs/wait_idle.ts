/**
 * `looop wait-idle`.
 *
 * @module
 */
import { TimeoutError } from "../../base/errors.ts";
import { durationFlag } from "../params.ts";
import { sessionArgument, sessionsDirToRead } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

const SETTLE_MS = 500;
const TIMEOUT_MS = 30_000;

type Flags = { readonly settle?: number; readonly timeout?: number };

export const waitIdle = defineVerb<Flags, [string]>({
  name: "wait-idle",
  group: "workers",
  brief: "Wait until a session's output is quiet, or the session has ended",
  example: "looop wait-idle fix-ci --settle 2s",
  completes: "session",
  parameters: {
    flags: {
      settle: durationFlag("How long it must be quiet; 500ms"),
      timeout: durationFlag("Wait at most this long; 30s"),
    },
    positional: sessionArgument,
  },
  async run({ settle: settleMs = SETTLE_MS, timeout: timeoutMs = TIMEOUT_MS }, id) {
    const { waitForQuiet } = await import("../../session/wait_session.ts");
    const isQuiet = await waitForQuiet(await sessionsDirToRead(this, id), id, {
      settleMs,
      timeoutMs,
    });
    if (!isQuiet) throw new TimeoutError(`the session "${id}" goes on writing`);
  },
});
