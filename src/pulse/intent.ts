/**
 * The write-ahead intent: a move is written down before it is made and cleared after its journal line,
 * so that after a crash no move runs twice and none vanishes without a line.
 *
 * @module
 */
import type { Effect, Move } from "../act/moves.ts";
import { readTextIfThere, removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { messageOf } from "../base/errors.ts";
import { appendJournal, countJournalSince } from "../log/journal.ts";
import { closeGateQuestion } from "../question/gate_answers.ts";
import { raiseLeave } from "./raise_leave.ts";
import { commitMove } from "./beat_history.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import {
  countFailure,
  type LastBeat,
  readLastHash,
  writeFailures,
  writeLastBeat,
} from "./beat_state.ts";

/** What a beat is about to do. */
export interface Plan {
  readonly move: Move;
  readonly runId: string;
  /** The world that is committed when the move has been made; left out for a move with leave. */
  readonly commit?: LastBeat;
  /** The gate question whose answer is acted on. */
  readonly leaveOf?: string;
  /** Set where the move is put to the human instead of being made: what they read. */
  readonly asks?: string;
}

/** What stands in `.intent`. */
export interface Intent extends Plan {
  readonly startedAtMs: number;
  /** Journal lines of that minute and later, before the move. */
  readonly linesBefore: number;
  /** What came of it; left out while the move is being made. */
  readonly made?: MadeMove;
}

/** A move that was made, well or badly, and what the journal says of it. */
export interface MadeMove {
  readonly line: string;
  readonly failure?: string;
  readonly shell?: Effect["shell"];
}

/** Writes down what is about to happen. */
export function startIntent(context: BeatContext, plan: Plan): Intent {
  const now = context.now();
  const linesBefore = countJournalSince(context.profile.paths, now);
  return saveIntent(context, { ...plan, startedAtMs: now.getTime(), linesBefore });
}

/**
 * Writes down what came of it, then the journal line, the history, the committed hash or the failure;
 * then forgets the intent. Each step may be the last before a crash: doing all of them again is right.
 *
 * @returns The journal line.
 */
export async function finishIntent(
  context: BeatContext,
  intent: Intent,
  made: MadeMove,
): Promise<string> {
  const { paths } = context.profile;
  const { commit, runId, leaveOf } = saveIntent(context, { ...intent, made });
  const hasLine = countJournalSince(paths, new Date(intent.startedAtMs)) > intent.linesBefore;
  const line = hasLine ? made.line : appendJournal(paths, made.line, context.now());
  await commitMove(context, made.line);
  if (leaveOf !== undefined) await closeGateQuestion(paths.asksDir, leaveOf, made.line);
  if (made.failure !== undefined) {
    countFailure(paths, {
      hash: commit?.world.hash ?? readLastHash(paths) ?? "",
      atMs: context.now().getTime(),
      reason: made.shell ? `${made.failure}\n${made.shell.output_tail}` : made.failure,
      runId,
    });
  } else if (commit) {
    writeLastBeat(paths, commit);
    writeFailures(paths, undefined);
  }
  removeIfThere(paths.intent);
  return line;
}

/**
 * Settles a move that a crash left open, before anything else of a beat happens. A move that may have
 * been made in part is never made again: it gets the line that says so, and the LLM decides anew.
 */
export async function recoverIntent(context: BeatContext): Promise<void> {
  const { paths } = context.profile;
  const text = readTextIfThere(paths.intent);
  if (text === undefined) return;
  let intent: Intent;
  try {
    intent = JSON.parse(text) as Intent;
    describe(intent.move);
  } catch (error) {
    appendJournal(
      paths,
      `failed: an interrupted move could not be read back (${messageOf(error)})`,
      context.now(),
    );
    removeIfThere(paths.intent);
    tell(context, "recovered", "an unreadable .intent was removed", { level: "warn" });
    return;
  }
  const failure = `${describe(intent.move)} was interrupted; ` +
    "it may have happened, in part or not at all, and is not repeated";
  const made = intent.made ??
    (intent.asks === undefined
      ? { line: `failed: ${failure}`, failure }
      : await raiseLeave(context, intent.move, intent.asks));
  await finishIntent(context, intent, made);
  tell(context, "recovered", `settled after a crash: ${made.line}`, { level: "warn" });
}

function saveIntent(context: BeatContext, intent: Intent): Intent {
  writeFileAtomic(context.profile.paths.intent, JSON.stringify(intent) + "\n");
  return intent;
}

/** Names a move in a few words. */
export function describe(move: Move): string {
  if (move.action === "run_shell") return `run_shell ${move.cmd}`;
  if ("id" in move) return `${move.action} ${move.id}`;
  return "name" in move ? `${move.action} ${move.name}` : move.action;
}
