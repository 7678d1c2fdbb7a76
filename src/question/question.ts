/**
 * A question to the human: what is asked, by whom, and what came of it.
 *
 * @module
 */
import { foldLine } from "../base/plain_text.ts";
import * as s from "../base/shape.ts";

const questionShape = s.objectWith({
  id: s.text,
  /** `worker`: a session waits for the answer. `gate`: looop waits for leave to make a move. */
  kind: s.oneOf("worker", "gate"),
  /** Who asks; `pulse` for the gate. */
  session: s.text,
  /** Which life of the session; a gate question has none, since it outlives the pulse. */
  incarnation: s.orNull(s.text),
  prompt: s.text,
  /** Answers to choose from; empty where any text will do. */
  options: s.listOf(s.text),
  /** A file to look at. */
  ref: s.orNull(s.text),
  raised_at: s.text,
  /** The move that a yes lets happen, as looop will make it, and its digest. */
  move: s.optional(s.anything),
  digest: s.optional(s.text),
  answer: s.optional(s.text),
  answered_at: s.optional(s.text),
  /** The move was begun; it never begins a second time. */
  started_at: s.optional(s.text),
  /** Nothing more will come of it, and why. */
  closed_at: s.optional(s.text),
  outcome: s.optional(s.text),
});

/** One question, as its file holds it; times are ISO 8601. */
export type Question = Readonly<s.ValueOf<typeof questionShape>>;

/** What can have become of a question. */
export type QuestionState = "open" | "answered" | "gone" | "closed";

/** How a question is closed when its asker is gone. */
export const GONE = "gone";

/** Reads a question's file; undefined for what looop did not write. */
export function parseQuestion(text: string): Question | undefined {
  try {
    return s.check(questionShape, JSON.parse(text));
  } catch {
    return undefined; // Not a question: nothing that could be answered.
  }
}

/** Says where a question stands. */
export function stateOf(question: Question): QuestionState {
  if (question.outcome === GONE) return "gone";
  if (question.closed_at !== undefined) return "closed";
  return question.answer === undefined ? "open" : "answered";
}

/** Tells whether a gate question was answered with yes. */
export function isYes(question: Question): boolean {
  return /^yes\b/.test(question.answer ?? "");
}

/** What a person said behind the yes or no to a gate question; empty where nothing. */
export function reasonIn(answer: string): string {
  return foldLine(answer.replace(/^(yes|no)\b[\s,.:;–—-]*/i, ""));
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"; // None that look alike.

/** Tells whether a text can be a question's id. */
export function isQuestionId(text: string): boolean {
  return ID.test(text);
}

/** Makes an id that is short enough to be typed. */
export function newQuestionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => ID_LETTERS[byte % ID_LETTERS.length]).join("");
}
