/**
 * `looop answer`: gives a question its one answer.
 *
 * @module
 */
import { INSIDE_MARK, SESSION_MARK } from "../../profile/environment.ts";
import type { CliContext } from "../context.ts";
import { wakePulse } from "../session_verbs.ts";
import { switchFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly ownWords: boolean };

export const answer = defineVerb<Flags, string[]>({
  name: "answer",
  group: "questions",
  brief: "Answer a question",
  detail:
    "Takes the question's id, then the answer; `-` reads it from standard input. Where options were " +
    "given the answer is one of them, or any text with --own-words. A gate question takes yes or no, " +
    "a reason may follow; it is never answered from inside of looop.",
  example: 'looop answer k3m9xw2p yes "the branch is reviewed"',
  completes: "question",
  parameters: {
    flags: { ownWords: switchFlag("Take any text, though the question gives options") },
    positional: {
      kind: "array",
      parameter: {
        brief: "Id of the question, then the answer",
        parse: String,
        placeholder: "ask-id> <text",
      },
      minimum: 1,
    },
  },
  run: giveAnswer,
});

async function giveAnswer(
  this: CliContext,
  { ownWords }: Flags,
  id = "",
  ...words: string[]
): Promise<void> {
  const [
    { openProfile, requireProfile },
    { answerQuestion },
    { findQuestion },
    { isAliveIn },
    { LooopError, UsageError },
    { foldLine },
  ] = await Promise.all([
    import("../../profile/profile.ts"),
    import("../../question/answer_question.ts"),
    import("../../question/question_folder.ts"),
    import("../../question/asker_alive.ts"),
    import("../../base/errors.ts"),
    import("../../base/plain_text.ts"),
  ]);
  if (words.length === 0 && /^(yes|no)$/i.test(id)) {
    throw new UsageError("the question's id is missing", "Write it before the answer: looop asks");
  }
  if (words.length === 0) {
    throw new UsageError("the answer is missing", `Write it behind the id: looop answer ${id} …`);
  }
  const profile = openProfile(this.env);
  requireProfile(profile);
  const { asksDir, sessionsDir } = profile.paths;
  const place = placeInside(this);
  if (place !== undefined && findQuestion(asksDir, id)?.kind === "gate") {
    throw new LooopError(
      `question "${id}" asks leave for a move of looop's, and this runs inside ${place}, which ` +
        "looop itself started: a yes from here would be looop's own",
      { hint: "answer it from a terminal of yours, outside of looop's sessions" },
    );
  }
  const text = words.length === 1 && words[0] === "-"
    ? await new Response(Deno.stdin.readable).text()
    : words.join(" ");
  const answered = await answerQuestion(asksDir, id, text, {
    isAlive: isAliveIn(sessionsDir),
    inOwnWords: ownWords,
  });
  await wakePulse(this);
  const whose = answered.kind === "gate"
    ? "the gate's question"
    : `${foldLine(answered.session)}'s`;
  this.remark(`answered ${whose} ${answered.id}: ${foldLine(answered.answer ?? "")}`);
}

/** Says what of looop's this process runs inside; undefined for a person's own terminal. */
function placeInside({ env }: CliContext): string | undefined {
  const session = env(SESSION_MARK);
  if (session !== undefined) return `session ${JSON.stringify(session)}`;
  switch (env(INSIDE_MARK)) {
    case undefined:
      return undefined;
    case "sensor":
      return "a sensor";
    case "runner":
      return "a tick runner";
    case "run_shell":
      return "a run_shell";
    default:
      return "a child of looop";
  }
}
