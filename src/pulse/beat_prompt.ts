/**
 * Gathers the parts of a beat's prompt from the files and from what the beat has seen.
 *
 * @module
 */
import { join } from "node:path";
import type { Policy } from "../act/policy_files.ts";
import { readTextIfThere } from "../base/atomic_file.ts";
import { buildPrompt } from "../decide/prompt.ts";
import { listRuns } from "../decide/run_folder.ts";
import type { Change } from "../diff/what_changed.ts";
import { formatMinute } from "../log/journal_line.ts";
import { readJournal } from "../log/journal.ts";
import { DECIDE_INSTRUCTIONS } from "../profile/seed_texts.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { answersSince, listOpenQuestions } from "../question/list_questions.ts";
import type { Snapshot } from "../sense/snapshot.ts";
import type { BeatContext } from "./beat_context.ts";
import { heardUntil, type LastBeat, readFailures } from "./beat_state.ts";

const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
/** Journal lines that the LLM sees. */
const JOURNAL_LINES = 20;
/** Decided beats in a row with a changed signal, from which a sensor counts as flapping. */
export const FLAPPING_AFTER = 5;

/** Builds the prompt of this beat. */
export function describeBeatPrompt(context: BeatContext, seen: {
  readonly policy: Policy;
  readonly snapshots: readonly Snapshot[];
  readonly last: LastBeat | undefined;
  readonly changes: readonly Change[] | undefined;
}): string {
  const { paths } = context.profile;
  const { policy, snapshots, last, changes } = seen;
  const now = context.now();
  const moved = new Set(changes?.map(({ where }) => where));
  return buildPrompt({
    instructions: DECIDE_INSTRUCTIONS,
    playbook: policy.playbook?.text ?? "",
    goals: policy.goals,
    readings: snapshots.map(({ name, reading }) => ({
      name,
      reading,
      isFlapping: moved.has(`sensor ${name}`) &&
        (last?.changedInARow[name] ?? 0) + 1 >= FLAPPING_AFTER,
    })),
    journal: readJournal(paths, JOURNAL_LINES).map(({ at, text }) => at ? `${at} ${text}` : text),
    changes,
    lastFailure: readFailures(paths)?.reason,
    lastOutcome: readShellOutcome(paths.runsDir),
    questions: listOpenQuestions(paths.asksDir, isAliveIn(paths.sessionsDir)),
    answers: answersSince(paths.asksDir, heardUntil(last)),
    now: `${formatMinute(now)} (${weekdayOf(now)}, local time)\n`,
    turn: last?.turn ?? 0,
  });
}

/** How many of the newest runs are looked at for the last outcome. */
const RUNS_LOOKED_AT = 10;

/** Says how the last move went, if it was a `run_shell`. Runs that made no move are passed over. */
function readShellOutcome(runsDir: string): string | undefined {
  for (const id of listRuns(runsDir).reverse().slice(0, RUNS_LOOKED_AT)) {
    try {
      const { summary, shell } = JSON.parse(
        readTextIfThere(join(runsDir, id, "outcome.json")) ?? "{}",
      );
      if (summary !== undefined) return shell && `${summary}\n${shell.output_tail}`;
    } catch {
      // Scratch that cannot be read says nothing.
    }
  }
  return undefined;
}

/** By name, always in English. A formatter for dates would take 30 KiB that nobody counts each time. */
function weekdayOf(now: Date): string {
  return WEEKDAYS[now.getDay()]!;
}
