/**
 * Why the loop waits, when it may decide next, and what would wake it. Reads, and changes nothing.
 *
 * @module
 */
import { isLocked, readLockPid } from "../base/file_lock.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import { type GuardName, judgeGuards, type Verdict } from "../diff/guards.ts";
import { adviseWake } from "../diff/wake_advice.ts";
import { type Change, findChanges } from "../diff/what_changed.ts";
import type { Environment } from "../profile/environment.ts";
import type { Profile, ProfilePaths } from "../profile/profile.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { listGateAnswers } from "../question/gate_answers.ts";
import { type ListedQuestion, listOpenQuestions } from "../question/list_questions.ts";
import { listSessions } from "../session/registry.ts";
import { loadSettings, type Settings } from "./beat_context.ts";
import { readLastBeat } from "./beat_state.ts";
import { readGuardState } from "./guard_state.ts";
import { readNextBeat } from "./next_beat.ts";
import { recallWorld } from "./recall_world.ts";
import { PULSE_ID, workersAmong } from "./sessions_reading.ts";
import { answerCommand, describeNeeded, type WakeStep } from "./wake_steps.ts";

/** What may keep the loop from its next decision; the guards of a beat and what stands before them. */
export type Holder = "lock" | "answer" | GuardName | "pulse";

/** What `looop why --json` prints; fields may be added, never renamed. */
export interface WaitAccount {
  /** Whether a beat at this moment would ask the LLM, or make a move that has its yes. */
  readonly would_move: boolean;
  readonly moves_because: string | null;
  /** What keeps it from that; null where nothing does. */
  readonly holding: Holder | null;
  readonly reason: string;
  readonly guards: readonly {
    readonly guard: Holder;
    readonly holds: boolean;
    readonly reason: string;
    readonly until: string | null;
  }[];
  /** When it would be so without any change; null where only a change helps. */
  readonly next_decision_at: string | null;
  /** The smallest change: all of these steps together. */
  readonly wake: readonly WakeStep[];
  /** A command that does the same once; null where there is none. */
  readonly or: string | null;
  readonly pulse: {
    readonly running: boolean;
    readonly pid: number | null;
    /** When it beats again at the latest. */
    readonly next_beat_at: string | null;
  };
  readonly changes: readonly Change[];
  readonly questions: readonly {
    readonly id: string;
    readonly kind: ListedQuestion["kind"];
    readonly session: string;
    readonly command: string;
  }[];
  /** Sensors were not run for this: what the last beat read, and how long ago. */
  readonly readings: { readonly age_s: number | null; readonly unread: readonly string[] };
}

/** Explains a profile that exists. */
export function explainWait(profile: Profile, env: Environment, now: Date): WaitAccount {
  const { paths } = profile;
  const settings = loadSettings(profile, env);
  const last = readLastBeat(paths);
  const recalled = recallWorld(paths, last?.world);
  const state = readGuardState({ profile, settings, now: () => now }, recalled.world.hash);
  const verdicts = judgeGuards(state);
  const advice = adviseWake(state);
  const holder = findHolder(paths);
  const questions = listOpenQuestions(paths.asksDir, isAliveIn(paths.sessionsDir));
  // A move that has its answer passes every guard of the LLM.
  const [answered] = listGateAnswers(paths.asksDir);
  const asked = questions.find(({ kind }) => kind === "gate");
  const waitsForYes = asked !== undefined && answered === undefined &&
    advice.holding === "unchanged";

  const guards = describeGuards(verdicts, holder, waitsForYes ? asked : undefined);
  const first = guards.find(({ guard, holds }) =>
    holds && (guard === "lock" || guard === "pulse" || answered === undefined)
  );
  const wouldMove = !holder.isBusy && (answered !== undefined || advice.holding === undefined);
  const isForcible = verdicts.every(({ guard, holds }) =>
    !holds || guard === "unchanged" || guard === "backoff"
  );
  const freeAtMs = answered ? state.nowMs : waitsForYes ? undefined : advice.freeAtMs;
  const because = answered ? `your answer to ${answered.id} is acted on` : verdicts[0]!.reason;
  return {
    would_move: wouldMove,
    moves_because: wouldMove ? because : null,
    holding: first?.guard ?? null,
    reason: first?.reason ?? "",
    guards,
    next_decision_at: holder.isBusy || freeAtMs === undefined ? null : isoTime(freeAtMs),
    wake: holder.isBusy
      ? [waitFor(holder.pid)]
      : waitsForYes
      ? [answerStep(asked)]
      : answered
      ? []
      : describeNeeded(advice.needed, { profile, env }),
    or: holder.isHeld ? null : wouldMove ? "looop tick" : isForcible ? "looop tick --force" : null,
    pulse: {
      running: holder.isHeld,
      pid: holder.pid,
      next_beat_at: nextBeatAt(holder, { paths, lookedMs: recalled.lastLookMs, settings, now }),
    },
    changes: last === undefined ? [] : findChanges(last.world, recalled.world),
    questions: questions.map((question) => {
      const { id, kind, session } = question;
      return { id, kind, session, command: answerCommand(question) };
    }),
    readings: {
      age_s: recalled.oldestReadingMs === undefined
        ? null
        : Math.max(0, Math.round((now.getTime() - recalled.oldestReadingMs) / 1000)),
      unread: recalled.unread,
    },
  };
}

/** Who holds the profile's lock. */
interface LockHolder {
  readonly isHeld: boolean;
  readonly pid: number | null;
  /** A pulse in its session beats again by itself; anyone else is in the midst of one beat. */
  readonly isBusy: boolean;
  readonly hasWorkers: boolean;
}

function findHolder(paths: ProfilePaths): LockHolder {
  const isHeld = isLocked(paths.lock);
  const sessions = listSessions(paths.sessionsDir);
  const hasPulse = sessions.some(({ id, isAlive }) => id === PULSE_ID && isAlive);
  return {
    isHeld,
    pid: isHeld ? readLockPid(paths.lock) ?? null : null,
    isBusy: isHeld && !hasPulse,
    hasWorkers: workersAmong(sessions).some(({ isAlive }) => isAlive),
  };
}

function describeGuards(
  verdicts: readonly Verdict[],
  { isHeld, isBusy, pid }: LockHolder,
  asked: ListedQuestion | undefined,
): WaitAccount["guards"] {
  const who = `pid ${pid ?? "unknown"}`;
  const lock = isBusy
    ? `${who} holds this profile: a beat is under way`
    : isHeld
    ? "the running pulse holds it, and beats by itself"
    : "nobody holds this profile";
  const answer = asked === undefined
    ? "no move waits for your yes"
    : `question ${asked.id} waits for your answer: ${shorten(foldLine(asked.prompt), 200)}`;
  const until = null;
  return [
    { guard: "lock", holds: isBusy, reason: lock, until },
    { guard: "answer", holds: asked !== undefined, reason: answer, until },
    ...verdicts.map(({ guard, holds, reason, untilMs }) => ({
      guard,
      holds,
      reason,
      until: holds && untilMs !== undefined ? isoTime(untilMs) : null,
    })),
    {
      guard: "pulse",
      holds: !isHeld,
      reason: isHeld ? `${who} beats` : "no pulse is running",
      until,
    },
  ];
}

function waitFor(pid: number | null): WakeStep {
  const command = pid === null ? null : `kill -INT ${pid}`;
  return { kind: "wait", text: `wait for pid ${pid ?? "unknown"}, or end it`, command };
}

function answerStep(question: ListedQuestion): WakeStep {
  const command = answerCommand(question);
  return { kind: "answer", text: "answer the question", command, question: question.id };
}

function nextBeatAt({ isHeld, isBusy, pid, hasWorkers }: LockHolder, looked: {
  readonly paths: ProfilePaths;
  readonly lookedMs: number | undefined;
  readonly settings: Settings;
  readonly now: Date;
}): string | null {
  const { paths, lookedMs, settings: { knobs }, now } = looked;
  if (!isHeld || isBusy || lookedMs === undefined) return null;
  // In the midst of a beat it has not said yet how long it will sleep.
  const saidMs = readNextBeat(paths, pid);
  if (saidMs !== undefined) return isoTime(saidMs);
  const atMs = lookedMs + (hasWorkers ? knobs.activeIntervalMs : knobs.intervalMs);
  return isoTime(Math.max(atMs, now.getTime()));
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
