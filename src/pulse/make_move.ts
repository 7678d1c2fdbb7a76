/**
 * Makes one move under its intent, or turns a beat down; in both cases the beat leaves its one line.
 *
 * @module
 */
import { act, type ActContext } from "../act/act.ts";
import type { Effect, Move } from "../act/moves.ts";
import { messageOf } from "../base/errors.ts";
import { foldLine } from "../base/plain_text.ts";
import { type RunFolder, writeRunJson } from "../decide/run_folder.ts";
import { appendJournal } from "../log/journal.ts";
import { childEnv } from "../profile/child_env.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { commitHumanEdits, commitMove } from "./beat_history.ts";
import { countFailure, type LastBeat, readFailures, writeNextInterval } from "./beat_state.ts";
import { finishIntent, startIntent } from "./intent.ts";

const MIN_NEXT_INTERVAL_MS = 5000;

/** A move with what the LLM said about it. */
export type DecidedMove = Move & {
  readonly journal?: string | undefined;
  readonly next_interval_s?: number | undefined;
};

/** What came of a move. */
export interface MoveResult {
  /** The journal's line. */
  readonly line: string;
  readonly failure: string | undefined;
}

/** Makes one move: intent, effect, journal line, history, committed hash, in this order. */
export async function makeMove(
  context: BeatContext,
  move: DecidedMove,
  made: { readonly run: RunFolder; readonly commit: LastBeat },
): Promise<MoveResult> {
  const { run, commit } = made;
  const intent = startIntent(context, move, commit);
  let effect: Effect;
  try {
    effect = await act(move, actContext(context));
  } catch (error) {
    const failure = `${move.action}: ${messageOf(error)}`;
    effect = { summary: failure, failure };
  }
  const { failure, shell } = effect;
  const account = failure === undefined ? effect.summary : `failed: ${failure}`;
  const words = foldLine(move.journal ?? "");
  writeRunJson(run, "outcome", { outcome: failure === undefined ? "acted" : "failed", ...effect });
  const line = await finishIntent(context, intent, {
    line: words === "" ? account : `${account}: ${words}`,
    ...(failure === undefined ? {} : { failure }),
    ...(shell ? { shell } : {}),
  });
  scheduleNext(context, move.next_interval_s);
  if (failure !== undefined) {
    tell(context, "failed", failure, { level: "error", fields: { run: run.id } });
  } else {
    const event = move.action === "send_notification" ? "notified" : "acted";
    const message = line.replace(/^- \d{4}-\d\d-\d\d \d\d:\d\d /, "");
    tell(context, event, message, { fields: { run: run.id, action: move.action } });
  }
  return { line, failure };
}

/** Why a beat executed nothing. */
export interface TurnedDown {
  readonly run: RunFolder;
  readonly worldHash: string;
  /** A refused or stale one got a decision and leaves a journal line; a failed one got none. */
  readonly outcome: "failed" | "refused" | "stale";
  readonly reason: string;
}

/** Counts a beat that executed nothing. */
export async function turnDown(context: BeatContext, down: TurnedDown): Promise<void> {
  const { paths } = context.profile;
  const { run, worldHash, outcome, reason } = down;
  if (outcome === "stale") await commitHumanEdits(context, reason);
  if (outcome !== "failed") {
    await commitMove(context, appendJournal(paths, `${outcome}: ${reason}`, context.now()));
  }
  countFailure(paths, {
    hash: worldHash,
    atMs: context.now().getTime(),
    reason: outcome === "failed" ? reason : `${outcome}: ${reason}`,
    runId: run.id,
    stale: outcome === "stale" ? (readFailures(paths)?.stale ?? 0) + 1 : 0,
  });
  writeRunJson(run, "outcome", { outcome, reason });
  const level = outcome === "stale" ? "info" : "error";
  tell(context, outcome, reason, { level, fields: { run: run.id } });
}

/** What the executors get. */
export function actContext(context: BeatContext): ActContext {
  const { profile, settings, looopBin } = context;
  return {
    dataDir: profile.dataDir,
    policy: profile.paths,
    shellEnv: childEnv(profile, looopBin, "run_shell"),
    shellTimeoutMs: settings.knobs.shellTimeoutMs,
    ...(context.signal ? { signal: context.signal } : {}),
  };
}

function scheduleNext(context: BeatContext, seconds: number | undefined): void {
  const { maxNextIntervalMs } = context.settings.knobs;
  const ms = seconds === undefined
    ? undefined
    : Math.min(Math.max(seconds * 1000, MIN_NEXT_INTERVAL_MS), maxNextIntervalMs);
  writeNextInterval(context.profile.paths, ms);
}
