/**
 * Lists questions for people and for the prompt. Reads only.
 *
 * @module
 */
import { type IsAlive, isGone } from "./asker_gone.ts";
import { type Question, type QuestionState, reasonIn, stateOf } from "./question.ts";
import { byTime, readArchive, readCurrent } from "./question_folder.ts";

/** A question as `asks --json` shows it. */
export interface ListedQuestion {
  readonly id: string;
  readonly session: string;
  readonly kind: Question["kind"];
  readonly prompt: string;
  readonly options: readonly string[];
  readonly ref: string | null;
  readonly raised_at: string;
  readonly state: QuestionState;
  readonly answer?: string;
  readonly answered_at?: string;
}

/** Lists the questions that wait for an answer, oldest first. */
export function listOpenQuestions(asksDir: string, isAlive: IsAlive): readonly ListedQuestion[] {
  return readCurrent(asksDir)
    .filter((question) => stateOf(question) === "open" && !isGone(question, isAlive))
    .map((question) => describe(question, isAlive));
}

/** Lists every question that is kept, oldest first: also answered and gone ones. */
export function listAllQuestions(asksDir: string, isAlive: IsAlive): readonly ListedQuestion[] {
  return [...readCurrent(asksDir), ...readArchive(asksDir)]
    .sort(byTime(({ raised_at }) => raised_at))
    .map((question) => describe(question, isAlive));
}

/** Lists the questions that were answered at or after `since`, in the order of their answers. */
export function answersSince(asksDir: string, since: Date): readonly ListedQuestion[] {
  const from = since.toISOString();
  return [...readCurrent(asksDir), ...readArchive(asksDir, since.getTime())]
    .filter(({ answer, answered_at }) => answer !== undefined && (answered_at ?? "") >= from)
    .sort(byTime(({ answered_at }) => answered_at))
    .map((question) => describe(question, () => true));
}

/** Finds a question of the gate that was answered, at or after `since`, with a no and a reason. */
export function findReasonedNo(asksDir: string, since: Date): ListedQuestion | undefined {
  return answersSince(asksDir, since).find(({ kind, answer = "" }) =>
    kind === "gate" && /^no\b/.test(answer) && reasonIn(answer) !== ""
  );
}

/** Tells whether a live worker waits for an answer: then it is the human's to drive. */
export function hasOpenQuestion(asksDir: string, session: string, isAlive: IsAlive): boolean {
  return listOpenQuestions(asksDir, isAlive).some((each) =>
    each.kind === "worker" && each.session === session
  );
}

function describe(question: Question, isAlive: IsAlive): ListedQuestion {
  const { id, session, kind, prompt, options, ref, raised_at, answer, answered_at } = question;
  const state = stateOf(question);
  return {
    id,
    session,
    kind,
    prompt,
    options,
    ref,
    raised_at,
    state: state === "open" && isGone(question, isAlive) ? "gone" : state,
    ...(answer === undefined ? {} : { answer }),
    ...(answered_at === undefined ? {} : { answered_at }),
  };
}
