/**
 * `looop wait`.
 *
 * @module
 */
import { ExitCode } from "../../base/errors.ts";
import { durationFlag } from "../params.ts";
import { sessionArgument, sessionsDirToRead } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly timeout?: number };

export const wait = defineVerb<Flags, [string]>({
  name: "wait",
  group: "workers",
  brief: "Wait until a session has ended and exit with its code",
  detail: "128+n after a signal, 137 when its supervisor vanished, 124 at the timeout.",
  example: "looop wait fix-ci --timeout 2h",
  completes: "session",
  parameters: {
    flags: { timeout: durationFlag("Wait at most this long; no limit unless given") },
    positional: sessionArgument,
  },
  async run({ timeout }, id) {
    const { waitForExit } = await import("../../session/wait_session.ts");
    const code = await waitForExit(await sessionsDirToRead(this, id), id, timeout);
    this.exitCode = code ?? ExitCode.timeout;
    if (code === undefined) this.remark(`looop wait: the session "${id}" goes on`);
  },
});
