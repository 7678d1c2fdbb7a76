/**
 * The gate's side: which moves have leave, and that each is begun at most once.
 *
 * @module
 */
import type { Json } from "../base/canonical_json.ts";
import { LooopError } from "../base/errors.ts";
import { digestOfMove, isYes, type Question, stateOf } from "./question.ts";
import {
  archiveQuestion,
  byTime,
  findQuestion,
  putQuestion,
  readCurrent,
  withQuestionLock,
} from "./question_folder.ts";

/** A gate question that has its answer, for the pulse to act on. */
export interface GateAnswer {
  readonly id: string;
  readonly isYes: boolean;
  /** The whole answer with its reason. */
  readonly answer: string;
  readonly move: Json;
  readonly digest: string;
  readonly prompt: string;
}

/** Lists answered gate questions whose move was not begun, in the order of their answers. */
export function listGateAnswers(asksDir: string): readonly GateAnswer[] {
  return readCurrent(asksDir).filter((question) =>
    question.kind === "gate" && stateOf(question) === "answered" &&
    question.started_at === undefined
  ).sort(byTime(({ answered_at }) => answered_at)).map((question) => ({
    id: question.id,
    isYes: isYes(question),
    answer: question.answer ?? "",
    move: question.move as Json,
    digest: question.digest ?? "",
    prompt: question.prompt,
  }));
}

/** Tells whether a move with leave was begun; one whose question has gone counts as begun. */
export function isLeaveTaken(asksDir: string, id: string): boolean {
  const question = findQuestion(asksDir, id);
  return question === undefined || question.started_at !== undefined ||
    stateOf(question) !== "answered";
}

/**
 * Takes the leave to make a move: from here on it counts as begun, whatever happens. Write the intent
 * first, then take the leave, then act.
 *
 * @returns The move, exactly as it was asked about.
 * @throws {LooopError} When there is no yes, it was taken before, or the move is not the one that was
 *   asked about.
 */
export async function takeLeave(asksDir: string, id: string, now = new Date()): Promise<Json> {
  return await withQuestionLock(asksDir, () => {
    const question = findQuestion(asksDir, id);
    if (question === undefined || question.kind !== "gate" || stateOf(question) !== "answered") {
      throw new LooopError(`question "${id}" gives no leave`);
    }
    if (!isYes(question)) throw new LooopError(`question "${id}" was answered with no`);
    if (question.started_at !== undefined) {
      throw new LooopError(`the move of question "${id}" was begun before`);
    }
    const move = question.move as Json;
    if (digestOfMove(move) !== question.digest) {
      throw new LooopError(`the move of question "${id}" is not the one that was asked about`);
    }
    putQuestion(asksDir, { ...question, started_at: now.toISOString() });
    return move;
  });
}

/**
 * Closes a gate question for good, after its journal line was written: made, failed, or refused by a
 * no. Closing one that is closed does nothing, so that a recovery may repeat it.
 */
export async function closeGateQuestion(
  asksDir: string,
  id: string,
  outcome: string,
  now = new Date(),
): Promise<void> {
  if (findQuestion(asksDir, id) === undefined) return;
  await withQuestionLock(asksDir, () => {
    const question = findQuestion(asksDir, id);
    if (question === undefined || question.kind !== "gate") return;
    if (!readCurrent(asksDir).some((each) => each.id === id)) return; // In the archive already.
    const done: Question = { closed_at: now.toISOString(), outcome, ...question };
    putQuestion(asksDir, done);
    archiveQuestion(asksDir, done, now.getTime());
  });
}
