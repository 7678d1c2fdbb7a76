/**
 * Makes one move under its intent, asks for leave, or turns a beat down; in each case the beat leaves
 * its one line.
 *
 * @module
 */
import { act } from "../act/act.ts";
import type { Judgement } from "../act/gate.ts";
import { essenceOf, textOfMove } from "../act/judge_move.ts";
import type { Effect, Move } from "../act/moves.ts";
import { messageOf } from "../base/errors.ts";
import { foldLine } from "../base/plain_text.ts";
import { type RunFolder, writeRunJson } from "../decide/run_folder.ts";
import { takeLeave } from "../question/gate_answers.ts";
import { actContext } from "./act_context.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { countFailure, type LastBeat, readFailures, writeNextInterval } from "./beat_state.ts";
import { finishIntent, type Plan, startIntent } from "./intent.ts";
import { raiseLeave } from "./raise_leave.ts";

const MIN_NEXT_INTERVAL_MS = 5000;

/** A move with what the LLM said about it. */
export type DecidedMove = Move & {
  readonly reason?: string;
  readonly journal?: string | undefined;
  readonly next_interval_s?: number | undefined;
};

/** What came of a move. */
export interface MoveResult {
  /** The journal's line. */
  readonly line: string;
  readonly failure: string | undefined;
}

/** In which run a move is made, and on whose word: that of a decided world, or that of a yes. */
export interface MoveOccasion {
  readonly run: RunFolder;
  /** What was decided, for the run's folder. */
  readonly decision: unknown;
  readonly commit?: LastBeat;
  readonly leaveOf?: string;
}

/** Makes one move: intent, effect, journal line, history, committed hash, in this order. */
export async function makeMove(
  context: BeatContext,
  move: DecidedMove,
  { run, decision, commit, leaveOf }: MoveOccasion,
): Promise<MoveResult> {
  const plan: Plan = {
    move,
    runId: run.id,
    ...(commit ? { commit } : {}),
    ...(leaveOf === undefined ? {} : { leaveOf }),
  };
  startIntent(context, plan);
  writeRunJson(run, "decision", decision);
  let effect: Effect;
  try {
    // From here on the leave is used up, whatever happens.
    const allowed = leaveOf === undefined
      ? move
      : await takeLeave(context.profile.paths.asksDir, leaveOf) as Move;
    effect = await act(allowed, actContext(context));
  } catch (error) {
    const failure = `${move.action}: ${messageOf(error)}`;
    effect = { summary: failure, failure };
  }
  const { failure, shell } = effect;
  writeRunJson(run, "outcome", { outcome: failure === undefined ? "acted" : "failed", ...effect });
  const account = failure === undefined ? effect.summary : `failed: ${failure}`;
  const line = await finishIntent(context, plan, {
    line: withWords(account, move),
    ...(failure === undefined ? {} : { failure }),
    ...(shell ? { shell } : {}),
  });
  scheduleNext(context, move.next_interval_s);
  if (failure !== undefined) {
    tell(context, "failed", failure, { level: "error", fields: { run: run.id } });
  } else {
    const event = move.action === "send_notification" ? "notified" : "acted";
    tell(context, event, withoutTime(line), { fields: { run: run.id, action: move.action } });
  }
  return { line, failure };
}

/** Puts a move that needs a human's yes to the human. The beat counts as decided. */
export async function askLeave(
  context: BeatContext,
  move: DecidedMove,
  asked: { readonly run: RunFolder; readonly commit: LastBeat; readonly judgement: Judgement },
): Promise<MoveResult> {
  const { run, commit, judgement } = asked;
  const essence = essenceOf(move);
  const why = foldLine(move.journal ?? move.reason ?? "");
  const prompt = [
    `May looop do this? (gate rule ${judgement.rule})`,
    ...(why === "" ? [] : [`Why: ${why}`]),
    // Behind looop's own lines and indented: no command can pass for one of them.
    ...textOfMove(essence).split("\n").map((line) => `    ${line}`),
  ].join("\n");
  const plan = { move: essence, runId: run.id, commit, asks: prompt };
  startIntent(context, plan);
  writeRunJson(run, "decision", move);
  const question = await raiseLeave(context, essence, prompt);
  const line = await finishIntent(context, plan, { line: withWords(question.line, move) });
  writeRunJson(run, "outcome", { outcome: "asked", question: question.id });
  scheduleNext(context, move.next_interval_s);
  tell(context, "asked", `${foldLine(textOfMove(essence))}? (looop answer ${question.id} yes|no)`, {
    level: "warn",
    fields: { run: run.id, question: question.id, kind: "gate", rule: judgement.rule },
  });
  return { line, failure: undefined };
}

/** Why a beat executed nothing. */
export interface TurnedDown {
  readonly run: RunFolder;
  readonly worldHash: string;
  /** A refused or stale one got a decision and leaves a journal line; a failed one got none. */
  readonly outcome: "failed" | "refused" | "stale";
  readonly reason: string;
  /** What was decided, where it could be read. */
  readonly decision?: unknown;
}

/** Counts a beat that executed nothing. */
export async function turnDown(context: BeatContext, down: TurnedDown): Promise<void> {
  const { paths } = context.profile;
  const { run, worldHash, outcome, reason } = down;
  const inARow = outcome === "stale" ? (readFailures(paths)?.stale ?? 0) + 1 : 0;
  if (outcome === "failed") {
    countFailure(paths, { hash: worldHash, atMs: context.now().getTime(), reason, runId: run.id });
  } else {
    const failure = `${outcome}: ${reason}`;
    const stale = outcome === "stale" ? { stale: { inARow, edits: reason } } : {};
    await finishIntent(context, { runId: run.id, worldHash, ...stale }, { line: failure, failure });
  }
  if (down.decision !== undefined) writeRunJson(run, "decision", down.decision);
  writeRunJson(run, "outcome", { outcome, reason });
  const level = outcome === "stale" ? "info" : "error";
  const message = outcome === "failed" ? reason : `${outcome}: ${reason}`;
  tell(context, outcome, message, { level, fields: { run: run.id } });
}

function withWords(account: string, { journal }: DecidedMove): string {
  const words = foldLine(journal ?? "");
  return words === "" ? account : `${account}: ${words}`;
}

function withoutTime(line: string): string {
  return line.replace(/^- \d{4}-\d\d-\d\d \d\d:\d\d /, "");
}

function scheduleNext(context: BeatContext, seconds: number | undefined): void {
  const { maxNextIntervalMs } = context.settings.knobs;
  const ms = seconds === undefined
    ? undefined
    : Math.min(Math.max(seconds * 1000, MIN_NEXT_INTERVAL_MS), maxNextIntervalMs);
  writeNextInterval(context.profile.paths, ms);
}
