/**
 * Asking: a question is written down once; asking the same again joins it.
 *
 * @module
 */
import type { Json } from "../base/canonical_json.ts";
import { LooopError, UsageError } from "../base/errors.ts";
import { digestOfMove, newQuestionId, type Question } from "./question.ts";
import { findQuestion, putQuestion, readCurrent, withQuestionLock } from "./question_folder.ts";

/** More open questions of one asker are refused: a person could not answer them. */
const MAX_OPEN_PER_SESSION = 50;
const MAX_PROMPT = 16 * 1024;
const MAX_OPTIONS = 20;
const MAX_OPTION = 200;

/** What a worker asks. */
export interface WorkerQuestion {
  readonly session: string;
  readonly incarnation: string;
  readonly prompt: string;
  readonly options?: readonly string[];
  readonly ref?: string;
}

/** What the gate asks. */
export interface GateQuestion {
  /** The move exactly as it will be made after a yes. */
  readonly move: Json;
  /** What the human reads: the command, the rule that stopped it, the reason given for it. */
  readonly prompt: string;
  readonly ref?: string;
}

/** A question, and whether it had been asked before. */
export interface Raised {
  readonly question: Question;
  readonly isNew: boolean;
}

/**
 * Raises a worker's question, or joins the same one of the same incarnation: still open, or answered
 * and never delivered.
 *
 * @throws {UsageError} For an empty or oversized prompt or option.
 * @throws {LooopError} When this session has too many open questions.
 */
export async function raiseWorkerQuestion(
  asksDir: string,
  asked: WorkerQuestion,
  now = new Date(),
): Promise<Raised> {
  const { session, incarnation, prompt, options = [], ref } = asked;
  checkPrompt(prompt);
  const areDifferent = new Set(options.map((each) => each.toLowerCase())).size === options.length;
  if (options.length > MAX_OPTIONS || !areDifferent || !options.every((each) => isOption(each))) {
    throw new UsageError(
      "the options cannot be offered",
      `Give up to ${MAX_OPTIONS} different ones, each up to ${MAX_OPTION} characters on one line`,
    );
  }
  return await withQuestionLock(asksDir, () => {
    const mine = readCurrent(asksDir).filter((each) =>
      each.kind === "worker" && each.closed_at === undefined && each.session === session &&
      each.incarnation === incarnation
    );
    const same = mine.find((each) =>
      each.prompt === prompt && each.options.join("\n") === options.join("\n")
    );
    if (same !== undefined) return { question: same, isNew: false };
    if (mine.length >= MAX_OPEN_PER_SESSION) {
      throw new LooopError(`session "${session}" has ${mine.length} questions that wait`, {
        hint: "answer some first: `looop asks`",
      });
    }
    return write(asksDir, {
      kind: "worker",
      session,
      incarnation,
      prompt,
      options: [...options],
      ref: ref ?? null,
    }, now);
  });
}

/**
 * Raises the gate's question about a move, or joins the one about the very same move. However long,
 * the prompt is kept whole: a yes to half a command would be none.
 */
export async function raiseGateQuestion(
  asksDir: string,
  { move, prompt, ref }: GateQuestion,
  now = new Date(),
): Promise<Raised> {
  const digest = digestOfMove(move);
  return await withQuestionLock(asksDir, () => {
    const same = readCurrent(asksDir).find((each) =>
      each.kind === "gate" && each.digest === digest && each.closed_at === undefined
    );
    if (same !== undefined) return { question: same, isNew: false };
    return write(asksDir, {
      kind: "gate",
      session: "pulse",
      incarnation: null,
      prompt,
      options: ["yes", "no"],
      ref: ref ?? null,
      move,
      digest,
    }, now);
  });
}

function write(asksDir: string, asked: Omit<Question, "id" | "raised_at">, now: Date): Raised {
  let id = newQuestionId();
  while (findQuestion(asksDir, id) !== undefined) id = newQuestionId();
  const question = { id, ...asked, raised_at: now.toISOString() };
  putQuestion(asksDir, question);
  return { question, isNew: true };
}

function checkPrompt(prompt: string): void {
  if (prompt.trim() === "") throw new UsageError("the question is empty", "Say what to decide");
  if (prompt.length > MAX_PROMPT) {
    throw new UsageError(
      `the question is longer than ${MAX_PROMPT} characters`,
      "Put the details into a file and name it with --ref",
    );
  }
}

function isOption(text: string): boolean {
  return text.trim() === text && text !== "" && text.length <= MAX_OPTION && !/[\r\n]/.test(text);
}
