/**
 * A gate question that was answered is a beat of its own: the move is made, or a no is written down.
 *
 * @module
 */
import { checkMove } from "../act/act.ts";
import { textOfMove } from "../act/judge_move.ts";
import type { Move } from "../act/moves.ts";
import { RefusedMove } from "../act/refused_move.ts";
import { foldLine } from "../base/plain_text.ts";
import { createRunFolder } from "../decide/run_folder.ts";
import { type GateAnswer, listGateAnswers } from "../question/gate_answers.ts";
import { reasonIn } from "../question/question.ts";
import { actContext } from "./act_context.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { finishIntent } from "./intent.ts";
import { makeMove, type MoveResult } from "./make_move.ts";

/** What came of an answer. */
export interface AnsweredMove extends MoveResult {
  readonly move: Move;
  readonly isYes: boolean;
}

/** Acts on the oldest answer that was not acted on yet; undefined where there is none. */
export async function makeAnsweredMove(context: BeatContext): Promise<AnsweredMove | undefined> {
  const [answer] = listGateAnswers(context.profile.paths.asksDir);
  if (!answer) return undefined;
  const move = answer.move as Move;
  const run = createRunFolder(context.profile.paths.runsDir, context.now());
  if (!answer.isYes) return await writeOff(context, answer, run.id, `no: ${what(move, answer)}`);
  try {
    await checkMove(move, actContext(context));
  } catch (error) {
    if (!(error instanceof RefusedMove)) throw error;
    const line = `refused: ${foldLine(textOfMove(move))} has your yes, but ${error.message}`;
    return await writeOff(context, answer, run.id, line);
  }
  const journal = `with your yes to ${answer.id}`;
  const made = await makeMove(context, { ...move, journal }, {
    run,
    decision: { question: answer.id, answer: answer.answer, move },
    leaveOf: answer.id,
  });
  return { ...made, move, isYes: true };
}

/** Writes the journal line of an answer that leads to no move, and closes its question. */
async function writeOff(
  context: BeatContext,
  answer: GateAnswer,
  runId: string,
  line: string,
): Promise<AnsweredMove> {
  const move = answer.move as Move;
  // Nothing of the move's but its line: no file is the move's own.
  const written = await finishIntent(context, { runId, leaveOf: answer.id }, { line });
  tell(context, "answered", line, { fields: { question: answer.id } });
  return { line: written, failure: undefined, move, isYes: answer.isYes };
}

function what(move: Move, { answer }: GateAnswer): string {
  const reason = reasonIn(answer);
  return foldLine(textOfMove(move)) + (reason === "" ? "" : ` (${reason})`);
}
