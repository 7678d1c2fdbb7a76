/**
 * The loop's state at a glance, from the files alone.
 *
 * @module
 */
import { isLocked, readLockPid } from "../base/file_lock.ts";
import { sumCostsToday } from "../log/cost_ledger.ts";
import { KNOBS } from "../profile/knobs.ts";
import type { Profile } from "../profile/profile.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { type ListedQuestion, listOpenQuestions } from "../question/list_questions.ts";
import { listSessions, type Session } from "../session/registry.ts";
import { workersAmong } from "./workers_among.ts";
import type { Settings } from "./beat_context.ts";
import { readLastHash } from "./beat_state.ts";
import { readNextBeat } from "./next_beat.ts";
import { type Hold, readHold } from "./read_holds.ts";

/** What `looop status --json` prints; fields may be added, never renamed. */
export interface Status {
  readonly pulse: {
    readonly running: boolean;
    readonly pid: number | null;
    readonly interval_s: number;
    /** When it beats again at the latest; null while a beat is under way, and without a pulse. */
    readonly next_beat_at: string | null;
  };
  /** The guard that keeps the loop from deciding, as far as the files tell. */
  readonly holds: Hold | null;
  readonly last_tick: { readonly at: string | null; readonly hash: string | null };
  readonly workers: readonly {
    readonly id: string;
    readonly state: string;
    readonly alive: boolean;
    readonly exit_code: number | null;
    readonly flagged: boolean;
    readonly note: string | null;
  }[];
  readonly asks: readonly OpenQuestion[];
  readonly cost_today_usd: number;
  readonly data_dir: string;
}

/** One open question, as `looop asks --json` shows it too. */
type OpenQuestion = Pick<
  ListedQuestion,
  "id" | "session" | "kind" | "prompt" | "options" | "ref" | "raised_at"
>;

/** Reads the state of a profile that exists. */
export function readStatus(profile: Profile, { settings, now }: {
  /** Undefined while the config cannot be read: then nothing is said of guards. */
  readonly settings: Settings | undefined;
  readonly now: Date;
}): Status {
  const { paths } = profile;
  const running = isLocked(paths.lock);
  const pid = running ? readLockPid(paths.lock) ?? null : null;
  const nextBeatMs = running ? readNextBeat(paths, pid) : undefined;
  const today = sumCostsToday(paths.costLedger, now);
  return {
    pulse: {
      running,
      pid,
      interval_s: (settings?.knobs.intervalMs ?? KNOBS.intervalMs.default) / 1000,
      next_beat_at: nextBeatMs === undefined ? null : new Date(nextBeatMs).toISOString(),
    },
    holds: settings === undefined ? null : readHold(profile, { settings, today, now }),
    last_tick: { at: modifiedAt(paths.lastTickHash), hash: readLastHash(paths) ?? null },
    workers: workersAmong(listSessions(paths.sessionsDir)).map(describeWorker),
    asks: listOpenQuestions(paths.asksDir, isAliveIn(paths.sessionsDir)).map(describeQuestion),
    cost_today_usd: today.microUsd / 1_000_000,
    data_dir: profile.dataDir,
  };
}

function describeWorker({ id, state, isAlive, record, flag }: Session): Status["workers"][number] {
  const note = isAlive ? flag : undefined;
  return {
    id,
    state,
    alive: isAlive,
    exit_code: record.exit_code,
    flagged: note !== undefined,
    note: note ?? null,
  };
}

function describeQuestion(question: ListedQuestion): OpenQuestion {
  const { id, session, kind, prompt, options, ref, raised_at } = question;
  return { id, session, kind, prompt, options, ref, raised_at };
}

function modifiedAt(path: string): string | null {
  try {
    return Deno.statSync(path).mtime?.toISOString() ?? null;
  } catch {
    return null; // No beat was decided yet.
  }
}
