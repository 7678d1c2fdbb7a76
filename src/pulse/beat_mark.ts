/**
 * The mark of the beat under way, in `.beat` while it lasts. A beat that finds the mark of an earlier
 * one knows that it was cut off: it ends what that beat left running, and settles what its LLM cost.
 *
 * @module
 */
import { readTextIfThere, removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { CHILD_MARK } from "../base/child.ts";
import type { InsideMark } from "../profile/environment.ts";
import { childEnv } from "../profile/child_env.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { settleCost } from "./guard_state.ts";

/** From asking what a dead beat left running to end, until it is killed. */
const GRACE_MS = 500;
const LIMIT_MS = 5000;

/** What stands in `.beat`. */
interface BeatMark {
  readonly mark: string;
  /** Set while the LLM is asked. */
  readonly run?: { readonly id: string; readonly runner: string };
}

/** Gives a beat its mark. */
export function markBeat(context: BeatContext): BeatContext {
  const marked = { ...context, mark: crypto.randomUUID() };
  writeMark(marked, {});
  return marked;
}

/** Notes that a run of the LLM begins or has been settled. */
export function noteRun(context: BeatContext, run: BeatMark["run"]): void {
  writeMark(context, run ? { run } : {});
}

/** Takes the mark away: the beat is over, whatever came of it. */
export function unmarkBeat({ profile }: BeatContext): void {
  removeIfThere(profile.paths.beat);
}

/** Returns the environment of what this beat runs itself: by its mark it is found after a crash. */
export function beatEnv(
  { profile, looopBin, mark }: BeatContext,
  inside: InsideMark,
): Readonly<Record<string, string>> {
  return {
    ...childEnv(profile, looopBin, inside),
    ...(mark === undefined ? {} : { [CHILD_MARK]: mark }),
  };
}

/**
 * Clears up after a beat that was cut off: its sensors, runner or command must not go on beside the
 * ones of this beat, and its LLM call must not be free.
 */
export async function clearDeadBeat(context: BeatContext): Promise<void> {
  const text = readTextIfThere(context.profile.paths.beat);
  if (text === undefined) return;
  const { mark, run } = parseMark(text);
  if (mark !== undefined) {
    const { endTree } = await import("../libc/process_tree.ts");
    const left = { markPrefix: `${CHILD_MARK}=${mark}/`, exceptVariable: "LOOOP_SUPERVISOR" };
    const isGone = await endTree(left, { graceMs: GRACE_MS, limitMs: LIMIT_MS });
    if (!isGone) {
      tell(context, "warning", "something that a cut-off beat ran could not be ended", {
        level: "error",
      });
    }
  }
  // Where the ledger cannot be written this throws, and no LLM call is made.
  if (run) settleCost(context, run.id, run.runner);
  unmarkBeat(context);
}

function writeMark({ profile, mark }: BeatContext, more: Partial<BeatMark>): void {
  const text = JSON.stringify({ mark, ...more }) + "\n";
  writeFileAtomic(profile.paths.beat, text, { flush: more.run !== undefined });
}

function parseMark(text: string): Partial<BeatMark> {
  try {
    const { mark, run } = JSON.parse(text);
    const isRun = typeof run?.id === "string" && typeof run.runner === "string";
    return {
      ...(typeof mark === "string" ? { mark } : {}),
      ...(isRun ? { run } : {}),
    };
  } catch {
    return {}; // Not written by looop: nothing to clear up.
  }
}
