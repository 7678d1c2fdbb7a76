/**
 * Puts a move to the human. Asking twice is asking once: the second joins the open question.
 *
 * @module
 */
import { textOfMove } from "../act/judge_move.ts";
import type { Move } from "../act/moves.ts";
import type { Json } from "../base/canonical_json.ts";
import { foldLine } from "../base/plain_text.ts";
import { raiseGateQuestion } from "../question/raise_question.ts";
import type { BeatContext } from "./beat_context.ts";

/** A question that was put. */
export interface PutQuestion {
  readonly id: string;
  /** The journal's account. */
  readonly line: string;
}

/**
 * Raises the gate's question about a move.
 *
 * @param move What a yes would let happen, and nothing else.
 * @param prompt What the human reads.
 */
export async function raiseLeave(
  context: BeatContext,
  move: Move,
  prompt: string,
): Promise<PutQuestion> {
  const { question, isNew } = await raiseGateQuestion(
    context.profile.paths.asksDir,
    { move: move as Json, prompt },
    context.now(),
  );
  const joined = isNew ? "" : " (already open)";
  const what = foldLine(textOfMove(move));
  return {
    id: question.id,
    line: `asked: ${what} needs your yes, question ${question.id}${joined}`,
  };
}
