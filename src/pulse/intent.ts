/**
 * The write-ahead intent: a move is written down before it is made and cleared after its journal line,
 * so that after a crash no move runs twice and none vanishes without a line.
 *
 * @module
 */
import { act } from "../act/act.ts";
import type { Effect, Move } from "../act/moves.ts";
import { readTextIfThere, removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { foldLine } from "../base/plain_text.ts";
import { appendJournal, countEntry } from "../log/journal.ts";
import { formatJournalLine } from "../log/journal_line.ts";
import { closeGateQuestion, isLeaveTaken } from "../question/gate_answers.ts";
import { actContext } from "./act_context.ts";
import { raiseLeave } from "./raise_leave.ts";
import { commitHumanEdits, commitMove } from "./beat_history.ts";
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
  /** Left out where the decision was turned down, and only its line is to be written. */
  readonly move?: Move & { readonly journal?: string | undefined };
  readonly runId: string;
  /** The world that is committed when the move has been made; left out for a move with leave. */
  readonly commit?: LastBeat;
  /** The world at which a decision was turned down. */
  readonly worldHash?: string;
  /** The gate question whose answer is acted on. */
  readonly leaveOf?: string;
  /** Set where the move is put to the human instead of being made: what they read. */
  readonly asks?: string;
  /** Set for a stale decision: how many in a row, this one included, and the person's commit. */
  readonly stale?: { readonly inARow: number; readonly edits: string };
}

/** What stands in `.intent`. */
interface Intent extends Plan {
  /** What came of it; left out while the move is being made. */
  readonly made?: MadeMove & {
    /** The time of the journal line, and how many of its like stood before it. */
    readonly atMs: number;
    readonly sameBefore: number;
  };
}

/** A move that was made, well or badly, and what the journal says of it. */
export interface MadeMove {
  readonly line: string;
  readonly failure?: string;
  readonly shell?: Effect["shell"];
}

/** Writes down what is about to happen. */
export function startIntent(context: BeatContext, plan: Plan): void {
  saveIntent(context, plan);
}

/**
 * Writes down what came of it, then the journal line, the history, the committed hash or the failure;
 * then forgets the intent. Each step may be the last before a crash: doing all of them again is right.
 *
 * @returns The journal line.
 */
export async function finishIntent(
  context: BeatContext,
  plan: Plan,
  made: MadeMove,
): Promise<string> {
  const now = context.now();
  const sameBefore = countEntry(context.profile.paths, made.line, now);
  const intent = { ...plan, made: { ...made, atMs: now.getTime(), sameBefore } };
  saveIntent(context, intent);
  return await settle(context, intent, false);
}

/** Does all that follows once it is written down what came of a move. */
async function settle(
  context: BeatContext,
  { made, ...plan }: Intent & Required<Pick<Intent, "made">>,
  isRepeated: boolean,
): Promise<string> {
  const { paths } = context.profile;
  const { commit, leaveOf, stale, move } = plan;
  const at = new Date(made.atMs);
  const hasLine = isRepeated && countEntry(paths, made.line, at) > made.sameBefore;
  if (stale && !hasLine) {
    await commitHumanEdits(context, { subject: stale.edits, hasBegunLine: isRepeated });
  }
  const line = hasLine ? formatJournalLine(made.line, at) : appendJournal(paths, made.line, at);
  await commitMove(context, made.line, plan.asks === undefined ? move : undefined);
  if (leaveOf !== undefined) await closeGateQuestion(paths.asksDir, leaveOf, made.line);
  if (made.failure !== undefined) {
    countFailure(paths, {
      hash: commit?.world.hash ?? plan.worldHash ?? readLastHash(paths) ?? "",
      atMs: made.atMs,
      reason: made.shell ? `${made.failure}\n${made.shell.output_tail}` : made.failure,
      runId: plan.runId,
      stale: stale?.inARow ?? 0,
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
  const intent = parseIntent(text);
  if (intent === undefined) {
    const line = "failed: an interrupted move could not be read back from .intent";
    await finishIntent(context, { runId: "unknown" }, { line });
    tell(context, "recovered", "an unreadable .intent was removed", { level: "warn" });
    return;
  }
  const { made, move, leaveOf } = intent;
  if (made !== undefined) await settle(context, { ...intent, made }, true);
  else if (move !== undefined && intent.asks !== undefined) {
    await finishIntent(context, intent, await raiseLeave(context, move, intent.asks));
  } else if (leaveOf !== undefined && !isLeaveTaken(paths.asksDir, leaveOf)) {
    removeIfThere(paths.intent); // The answer stands, nothing was begun: this beat acts on it.
    return;
  } else if (move?.action === "noop" || move?.action === "send_notification") {
    // Their line is all that there is to them.
    const { summary } = await act(move, actContext(context));
    await finishIntent(context, intent, { line: withWords(summary, move) });
  } else if (move !== undefined) {
    const failure = `${describe(move)} was interrupted; ` +
      "it may have happened, in part or not at all, and is not repeated" +
      (move.action === "steer_session"
        ? `; a part of the text may stand in the input of ${move.id}: clear it before more is typed`
        : "");
    await finishIntent(context, intent, { line: `failed: ${failure}`, failure });
  }
  const what = made?.line ?? (move && describe(move)) ?? "a decision";
  tell(context, "recovered", `settled after a crash: ${what}`, { level: "warn" });
}

function saveIntent(context: BeatContext, intent: Intent): void {
  writeFileAtomic(context.profile.paths.intent, JSON.stringify(intent) + "\n");
}

/** Reads an intent; undefined for what looop did not write. */
function parseIntent(text: string): Intent | undefined {
  try {
    const intent = JSON.parse(text) as Intent;
    if (typeof intent.runId !== "string") return undefined;
    if (intent.made) return typeof intent.made.line === "string" ? intent : undefined;
    return intent.move && describe(intent.move) ? intent : undefined;
  } catch {
    return undefined;
  }
}

/** Puts the LLM's own words behind the account of a move. */
export function withWords(
  account: string,
  move: { readonly journal?: string | undefined },
): string {
  const words = foldLine(move.journal ?? "");
  return words === "" ? account : `${account}: ${words}`;
}

/** Names a move in a few words. */
export function describe(move: Move): string {
  if (move.action === "run_shell") return `run_shell ${move.cmd}`;
  if ("id" in move) return `${move.action} ${move.id}`;
  return "name" in move ? `${move.action} ${move.name}` : move.action;
}
