/**
 * Answering: exactly one answer per question, durable before anyone is told.
 *
 * @module
 */
import { LooopError, UsageError } from "../base/errors.ts";
import { findNearest } from "../base/nearest.ts";
import { type IsAlive, isGone } from "./asker_gone.ts";
import { GONE, type Question, stateOf } from "./question.ts";
import {
  archiveQuestion,
  findQuestion,
  putQuestion,
  readCurrent,
  withQuestionLock,
} from "./question_folder.ts";
import { sweepWaiters, wakeWaiters } from "./wake_fifo.ts";

const MAX_ANSWER = 64 * 1024;

/** How an answer is given. */
export interface AnswerOptions {
  readonly isAlive: IsAlive;
  /** Takes any text even where options were given; the gate's yes or no is never free. */
  readonly inOwnWords?: boolean;
  readonly now?: Date;
}

/**
 * Answers a question and wakes whoever waits for it.
 *
 * Where options were given the answer must be one of them (case aside; it is kept in the asker's
 * spelling). A gate question takes `yes` or `no`, and a reason behind it.
 *
 * @returns The answered question.
 * @throws {LooopError} When there is no such question, it has its answer, or its asker is gone.
 * @throws {UsageError} When the text is no answer to it.
 */
export async function answerQuestion(
  asksDir: string,
  id: string,
  text: string,
  { isAlive, inOwnWords = false, now = new Date() }: AnswerOptions,
): Promise<Question> {
  requireQuestion(asksDir, id); // Before the lock creates a folder.
  const answered = await withQuestionLock(asksDir, () => {
    const question = requireQuestion(asksDir, id);
    refuseUnlessOpen(question, isAlive);
    const answer = fitAnswer(question, text, inOwnWords);
    const done: Question = { ...question, answer, answered_at: now.toISOString() };
    putQuestion(asksDir, done);
    return done;
  });
  wakeWaiters(asksDir, id);
  return answered;
}

/**
 * Closes the questions of incarnations that ended, and ends what a crash left half done. Part of each
 * beat's housekeeping; costs one look at the folder when there is nothing to do.
 */
export async function closeGone(
  asksDir: string,
  isAlive: IsAlive,
  now = new Date(),
): Promise<readonly Question[]> {
  sweepWaiters(asksDir);
  const isDue = (question: Question) =>
    question.closed_at !== undefined || isGone(question, isAlive);
  if (!readCurrent(asksDir).some(isDue)) return [];
  const due = await withQuestionLock(
    asksDir,
    () =>
      readCurrent(asksDir).filter(isDue).map((question) => {
        // One that is closed but still here lost its process before it was archived.
        if (question.closed_at === undefined) {
          const outcome = question.answer === undefined ? GONE : "answered, the asker was gone";
          putQuestion(asksDir, { ...question, closed_at: now.toISOString(), outcome });
        }
        archiveQuestion(asksDir, question, now.getTime());
        return question;
      }),
  );
  for (const { id } of due) wakeWaiters(asksDir, id);
  return due.filter(({ closed_at, answer }) => closed_at === undefined && answer === undefined);
}

function requireQuestion(asksDir: string, id: string): Question {
  const question = findQuestion(asksDir, id);
  if (question !== undefined) return question;
  const nearest = findNearest(id, readCurrent(asksDir).map((each) => each.id));
  const meant = nearest === undefined ? "" : `did you mean "${nearest}"? `;
  throw new LooopError(`there is no question "${id}"`, {
    hint: `${meant}\`looop asks\` lists them`,
  });
}

function refuseUnlessOpen(question: Question, isAlive: IsAlive): void {
  const { id, answer, session } = question;
  if (answer !== undefined) {
    throw new LooopError(`question "${id}" has its answer: ${JSON.stringify(answer)}`, {
      hint: "a question is answered once",
    });
  }
  if (stateOf(question) !== "open" || isGone(question, isAlive)) {
    throw new LooopError(`question "${id}" is gone: session "${session}" ended before an answer`, {
      hint: "`looop asks` lists the open ones",
    });
  }
}

function fitAnswer(question: Question, text: string, inOwnWords: boolean): string {
  const answer = text.trim();
  if (answer === "") throw new UsageError("the answer is empty", "Write the answer behind the id");
  if (answer.length > MAX_ANSWER) {
    throw new UsageError(
      `the answer is longer than ${MAX_ANSWER} characters`,
      "Put the details into a file and name it in the answer",
    );
  }
  if (question.kind === "gate") {
    const [, word = "", reason = ""] = /^(yes|no)(?:\b[\s,.:;–—-]*)([^]*)$/i.exec(answer) ?? [];
    if (word !== "") return reason === "" ? word.toLowerCase() : `${word.toLowerCase()} ${reason}`;
    throw new UsageError(
      "a gate question takes yes or no",
      "Begin with yes or no; a reason may follow",
    );
  }
  if (question.options.length === 0 || inOwnWords) return answer;
  const option = question.options.find((each) => each.toLowerCase() === answer.toLowerCase());
  if (option !== undefined) return option;
  throw new UsageError(
    `${JSON.stringify(answer)} is none of the options`,
    `Write one of ${question.options.map((each) => JSON.stringify(each)).join(", ")}, or add ` +
      "--own-words",
  );
}
