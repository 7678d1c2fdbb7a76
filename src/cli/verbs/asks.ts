/**
 * `looop asks`: the questions that wait for the human.
 *
 * @module
 */
import type { ListedQuestion } from "../../question/list_questions.ts";
import type { CliContext } from "../context.ts";
import { jsonFlag, switchFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean; readonly all: boolean };

export const asks = defineVerb<Flags, []>({
  name: "asks",
  group: "questions",
  brief: "List the questions that wait for you",
  detail:
    "A `worker` question is one a session waits on; a `gate` question asks leave for one move of " +
    "looop's. With --all also those that were answered, and those whose asker has gone.",
  example: "looop asks",
  parameters: {
    flags: { json: jsonFlag, all: switchFlag("Also list answered questions and gone ones") },
  },
  run: listQuestions,
});

async function listQuestions(this: CliContext, flags: Flags): Promise<void> {
  const [
    { openProfile, requireProfile },
    { listAllQuestions, listOpenQuestions },
    { isAliveIn },
    { formatDurationMs },
    { foldLine, stripControls },
    { jsonText },
  ] = await Promise.all([
    import("../../profile/profile.ts"),
    import("../../question/list_questions.ts"),
    import("../../question/asker_alive.ts"),
    import("../../base/durations.ts"),
    import("../../base/plain_text.ts"),
    import("../json_text.ts"),
  ]);
  const profile = openProfile(this.env);
  requireProfile(profile);
  const { asksDir, sessionsDir } = profile.paths;
  const list = (flags.all ? listAllQuestions : listOpenQuestions)(asksDir, isAliveIn(sessionsDir));
  if (flags.json) return this.print(jsonText(list));
  const describe = (question: ListedQuestion): string => {
    const { id, kind, session, raised_at, prompt, options, ref, state, answer } = question;
    const age = formatDurationMs(Math.max(0, Date.now() - Date.parse(raised_at)));
    const lines = [
      `${id}  ${kind === "gate" ? "gate" : foldLine(session)}  ${age}${
        state === "open" ? "" : `  ${state}`
      }`,
      ...stripControls(prompt).split("\n").map((line) => `  ${line}`),
    ];
    if (kind === "worker" && options.length > 0) {
      lines.push(`  options: ${options.map(foldLine).join(", ")}`);
    }
    if (ref !== null) lines.push(`  see: ${foldLine(ref)}`);
    if (answer !== undefined) lines.push(`  answer: ${foldLine(answer)}`);
    if (state === "open") {
      lines.push(`  looop answer ${id} ${kind === "gate" ? "yes|no [reason]" : "<text>"}`);
    }
    return lines.join("\n") + "\n";
  };
  if (list.length > 0) this.print(list.map(describe).join("\n"));
  else this.remark(flags.all ? "no questions yet" : "no question waits for you");
}
