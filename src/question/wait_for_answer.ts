/**
 * The asker's side: waits, takes the answer, and says that it arrived.
 *
 * @module
 */
import { type IsAlive, isGone } from "./asker_gone.ts";
import { type Question, stateOf } from "./question.ts";
import { archiveQuestion, findQuestion, putQuestion, withQuestionLock } from "./question_folder.ts";
import { makeWaiter } from "./wake_fifo.ts";

/** What waiting came to. */
export type Waited =
  | { readonly kind: "answered"; readonly answer: string }
  | { readonly kind: "gone" | "timeout" };

/** How long to wait, and who must live for it. */
export interface WaitOptions {
  readonly isAlive: IsAlive;
  /** Milliseconds; without end where left out. */
  readonly timeoutMs?: number;
}

/** Blocks until the question has its answer. The question stays open when the time is up. */
export async function waitForAnswer(
  asksDir: string,
  id: string,
  { isAlive, timeoutMs = Infinity }: WaitOptions,
): Promise<Waited> {
  const deadline = performance.now() + timeoutMs;
  using waiter = makeWaiter(asksDir, id);
  for (;;) {
    const question = findQuestion(asksDir, id);
    if (question === undefined) return { kind: "gone" }; // Removed by hand.
    if (question.answer !== undefined) return { kind: "answered", answer: question.answer };
    if (stateOf(question) !== "open" || isGone(question, isAlive)) return { kind: "gone" };
    if (performance.now() >= deadline) return { kind: "timeout" };
    await waiter.wait(deadline);
  }
}

/**
 * Archives a worker's question once its answer was handed over. Until then asking the same again
 * gets the answer that is there; call it after the answer was printed, so that none is lost.
 */
export async function confirmDelivery(
  asksDir: string,
  id: string,
  now = new Date(),
): Promise<void> {
  await withQuestionLock(asksDir, () => {
    const question = findQuestion(asksDir, id);
    if (question === undefined || stateOf(question) !== "answered") return;
    const done: Question = { ...question, closed_at: now.toISOString(), outcome: "delivered" };
    putQuestion(asksDir, done);
    archiveQuestion(asksDir, done, now.getTime());
  });
}
