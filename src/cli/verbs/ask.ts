/**
 * `looop ask`: a worker asks the human and waits for the answer.
 *
 * @module
 */
import type { CliContext } from "../context.ts";
import { refusePulse, wakePulse } from "../session_verbs.ts";
import { durationFlag, textArgument, textFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = {
  readonly prompt: string;
  readonly options?: string;
  readonly ref?: string;
  readonly timeout?: number;
};

export const ask = defineVerb<Flags, [string]>({
  name: "ask",
  group: "questions",
  brief: "Ask the human and wait for the answer",
  detail:
    "Prints only the answer. Waits without end unless --timeout is given; at its end the exit code " +
    "is 124, the question stays open, and asking the same again joins it or gets the answer that " +
    "came meanwhile.",
  example: 'looop ask "$LOOOP_SESSION_ID" --prompt "Which branch?" --options main,next',
  completes: "session",
  parameters: {
    flags: {
      prompt: { kind: "parsed", parse: String, brief: "The question", placeholder: "TEXT" },
      options: textFlag("Answers to choose from, with commas between", "a,b"),
      ref: textFlag("A file that the human should look at", "PATH"),
      timeout: durationFlag("How long to wait"),
    },
    positional: {
      kind: "tuple",
      parameters: [textArgument("session", "The session that asks")],
    },
  },
  run: askHuman,
});

async function askHuman(this: CliContext, flags: Flags, id: string): Promise<void> {
  const [
    { resolve },
    { openProfile, requireProfile },
    { getLivingSession },
    { raiseWorkerQuestion },
    { confirmDelivery, waitForAnswer },
    { isAliveIn },
    { LooopError, TimeoutError },
    { formatDurationMs },
    { stripControls },
  ] = await Promise.all([
    import("node:path"),
    import("../../profile/profile.ts"),
    import("../../session/registry.ts"),
    import("../../question/raise_question.ts"),
    import("../../question/wait_for_answer.ts"),
    import("../../question/asker_alive.ts"),
    import("../../base/errors.ts"),
    import("../../base/durations.ts"),
    import("../../base/plain_text.ts"),
  ]);
  refusePulse(id);
  const profile = openProfile(this.env);
  requireProfile(profile);
  const { asksDir, sessionsDir } = profile.paths;
  const { record } = getLivingSession(sessionsDir, id);
  const { question } = await raiseWorkerQuestion(asksDir, {
    session: id,
    incarnation: record.incarnation,
    prompt: flags.prompt,
    options: flags.options?.split(",").map((each) => each.trim()) ?? [],
    ...(flags.ref === undefined ? {} : { ref: resolve(flags.ref) }),
  });
  await wakePulse(this);
  const waited = await waitForAnswer(asksDir, question.id, {
    isAlive: isAliveIn(sessionsDir),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
  });
  if (waited.kind === "timeout") {
    throw new TimeoutError(
      `no answer to question "${question.id}" within ${formatDurationMs(flags.timeout ?? 0)}`,
      "it stays open; ask the same again to wait on",
    );
  }
  if (waited.kind !== "answered") {
    throw new LooopError(`question "${question.id}" was closed without an answer`, {
      hint: `session "${id}" ended or began anew`,
    });
  }
  this.print((this.stdoutIsTerminal ? stripControls(waited.answer) : waited.answer) + "\n");
  await confirmDelivery(asksDir, question.id);
}
