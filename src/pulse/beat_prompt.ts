/**
 * Gathers the parts of a beat's prompt from the files and from what the beat has seen.
 *
 * @module
 */
import type { Policy } from "../act/policy_files.ts";
import { readTextIfThere } from "../base/atomic_file.ts";
import { buildPrompt } from "../decide/prompt.ts";
import type { Change } from "../diff/what_changed.ts";
import { formatMinute } from "../log/journal_line.ts";
import { readJournal } from "../log/journal.ts";
import { DECIDE_INSTRUCTIONS } from "../profile/seed_texts.ts";
import type { Snapshot } from "../sense/snapshot.ts";
import type { BeatContext } from "./beat_context.ts";
import { type LastBeat, readFailures } from "./beat_state.ts";

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
  return buildPrompt({
    instructions: DECIDE_INSTRUCTIONS,
    playbook: policy.playbook?.text ?? "",
    goals: policy.goals,
    readings: snapshots.map(({ name, reading }) => ({
      name,
      reading,
      isFlapping: (last?.changedInARow[name] ?? 0) >= FLAPPING_AFTER,
    })),
    journal: readJournal(paths, JOURNAL_LINES).map(({ at, text }) => at ? `${at} ${text}` : text),
    changes,
    lastFailure: readFailures(paths)?.reason,
    lastOutcome: last && readShellOutcome(`${paths.runsDir}/${last.runId}/outcome.json`),
    questions: [],
    answers: [],
    now: `${formatMinute(now)} (${weekdayOf(now)}, local time)\n`,
    turn: last?.turn ?? 0,
  });
}

/** Says how the last decided beat's `run_shell` went, if that is what it was. */
function readShellOutcome(path: string): string | undefined {
  try {
    const { summary, shell } = JSON.parse(readTextIfThere(path) ?? "{}");
    return shell && `${summary}\n${shell.output_tail}`;
  } catch {
    return undefined; // Scratch that cannot be read says nothing.
  }
}

function weekdayOf(now: Date): string {
  return now.toLocaleDateString("en", { weekday: "long" });
}
