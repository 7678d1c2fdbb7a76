/**
 * One beat: sense, diff, decide, act, log, in this order and once. Reads straight down.
 *
 * @module
 */
import { checkMove } from "../act/act.ts";
import type { Judgement } from "../act/gate.ts";
import { filesOf, judgeMove } from "../act/judge_move.ts";
import type { Move } from "../act/moves.ts";
import { type Policy, readPolicy } from "../act/policy_files.ts";
import { RefusedMove } from "../act/refused_move.ts";
import { messageOf } from "../base/errors.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import { decide, RunnerTimeout, StoppedDeciding } from "../decide/decide.ts";
import { type Decision, parseDecision, RefusedDecision } from "../decide/decision.ts";
import { createRunFolder, type RunFolder, writeRunJson } from "../decide/run_folder.ts";
import { findHolding, type GuardName, judgeGuards, type Verdict } from "../diff/guards.ts";
import { type Change, findChanges } from "../diff/what_changed.ts";
import { describeWorld, type World } from "../diff/world.ts";
import { getRunnerCommand } from "../profile/runners.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { commitHumanEdits } from "./beat_history.ts";
import { clearTheWay } from "./clear_the_way.ts";
import { describeBeatPrompt } from "./beat_prompt.ts";
import { type LastBeat, noteDecide, readLastBeat } from "./beat_state.ts";
import { noteSpent, readGuardState, settleCost } from "./guard_state.ts";
import { keepHouse } from "./keep_house.ts";
import { beatEnv, clearDeadBeat, markBeat, noteRun, unmarkBeat } from "./beat_mark.ts";
import { describe, recoverIntent } from "./intent.ts";
import { actContext, gateRules } from "./act_context.ts";
import { makeAnsweredMove } from "./answered_move.ts";
import { askLeave, makeMove, turnDown } from "./make_move.ts";
import { readWorld } from "./read_world.ts";
import { describeWoke, type Woke } from "./woke.ts";

/** How a beat ended. */
export type BeatResult =
  | { readonly outcome: "unchanged" }
  /** The process was told to stop before a move began: nothing happened. */
  | { readonly outcome: "stopped" }
  | {
    readonly outcome: "held";
    readonly guard: GuardName;
    readonly reason: string;
    readonly untilMs?: number;
  }
  | {
    readonly outcome: "acted" | "asked";
    readonly line: string;
    /** What of PLAYBOOK and goals the move wrote itself. */
    readonly wrote: readonly string[] | "any";
  }
  | {
    readonly outcome: "previewed";
    readonly decision: Decision;
    readonly promptPath: string;
    /** What the gate says of the move; it may be a denial. */
    readonly judgement: Judgement;
  }
  | { readonly outcome: "failed" | "refused" | "stale"; readonly reason: string };

/** How a beat is asked for. */
export interface BeatOptions {
  /** Passes `unchanged` and `backoff`; never budget, rate or the lock. */
  readonly isForced?: boolean;
  /** Asks for the decision and executes nothing. */
  readonly isDryRun?: boolean;
}

/**
 * Runs one beat. The caller holds the profile's lock.
 *
 * @throws {LooopError} Only when the profile itself cannot be read or written; everything that a
 *   sensor, a runner or a move can do wrong is a result.
 */
export async function beat(context: BeatContext, options: BeatOptions = {}): Promise<BeatResult> {
  clearTheWay(context);
  await clearDeadBeat(context);
  await recoverIntent(context);
  const marked = markBeat(context);
  try {
    return await beatOnce(marked, options);
  } finally {
    unmarkBeat(marked);
  }
}

async function beatOnce(context: BeatContext, options: BeatOptions): Promise<BeatResult> {
  const { paths } = context.profile;
  await commitHumanEdits(context);
  await keepHouse(context);

  const answered = options.isDryRun ? undefined : await makeAnsweredMove(context);
  if (answered) {
    const { line, failure, move } = answered;
    return resultOf(move, line, failure);
  }

  const { snapshots, policy } = await readWorld(context);
  // Sensors that were cut off say nothing of the world.
  if (context.signal?.aborted) return { outcome: "stopped" };
  const world = describeWorld(
    [...(policy.playbook ? [policy.playbook] : []), ...policy.goals],
    snapshots,
  );
  const verdicts = judgeGuards(readGuardState(context, world.hash));
  const holding = findHolding(verdicts, options.isForced);
  if (holding) return hold(context, holding);

  const last = readLastBeat(paths);
  const changes = last && findChanges(last.world, world);
  const run = createRunFolder(paths.runsDir, context.now());
  const promptedAtMs = context.now().getTime();
  const prompt = describeBeatPrompt(context, { policy, snapshots, last, changes });
  const judged = await decideOnce(context, run, { prompt, policy });
  if (judged.outcome === "stopped" || context.signal?.aborted) {
    tell(context, "deciding", "stopped while deciding; nothing was done", {
      fields: { run: run.id },
    });
    return { outcome: "stopped" };
  }
  if (options.isDryRun) {
    if (!("judgement" in judged)) return judged;
    const { decision, judgement } = judged;
    writeRunJson(run, "decision", decision);
    return { outcome: "previewed", decision, promptPath: run.promptPath, judgement };
  }
  if (judged.outcome !== "decided") {
    await turnDown(context, { run, worldHash: world.hash, ...judged });
    return judged;
  }
  const { decision, judgement } = judged;
  const woke = describeWoke(verdicts, changes, findHolding(verdicts));
  const commit = nextLastBeat(context, { run, promptedAtMs, world, last, changes, decision, woke });
  if (judgement.verdict === "ask") {
    const { line } = await askLeave(context, decision, { run, commit, judgement });
    return { outcome: "asked", line, wrote: [] };
  }
  const { line, failure } = await makeMove(context, decision, { run, decision, commit });
  return resultOf(decision, line, failure);
}

function clockOf(at: Date): string {
  return at.toTimeString().slice(0, "HH:MM:SS".length);
}

function resultOf(move: Move, line: string, failure: string | undefined): BeatResult {
  if (failure !== undefined) return { outcome: "failed", reason: failure };
  return { outcome: "acted", line, wrote: filesOf(move) };
}

function hold(context: BeatContext, { guard, reason, untilMs }: Verdict): BeatResult {
  if (guard === "unchanged") {
    tell(context, "unchanged", reason, { level: "debug" });
    return { outcome: "unchanged" };
  }
  const until = untilMs === undefined ? {} : { untilMs };
  const time = untilMs === undefined ? "" : `, until ${clockOf(new Date(untilMs))}`;
  tell(context, "held", `${guard}: ${reason}${time}`, {
    level: "warn",
    fields: { guard, ...until },
  });
  return { outcome: "held", guard, reason, ...until };
}

/** A decision that may be executed, or why there is none. */
type Judged =
  | { readonly outcome: "decided"; readonly decision: Decision; readonly judgement: Judgement }
  | {
    readonly outcome: "failed" | "refused" | "stale";
    readonly reason: string;
    readonly decision?: Decision;
  }
  | {
    readonly outcome: "refused";
    readonly reason: string;
    readonly decision: Decision;
    /** It was the gate that refused. */
    readonly judgement: Judgement;
  }
  | { readonly outcome: "stopped" };

/** Asks the runner once and checks what it wrote: form first, then the world, then the gate. */
async function decideOnce(
  context: BeatContext,
  run: RunFolder,
  asked: { readonly prompt: string; readonly policy: Policy },
): Promise<Judged> {
  let decision: Decision | undefined;
  try {
    // Without a gate nothing can be done with an answer: nobody is asked then.
    const rules = gateRules(context);
    decision = parseDecision(await askRunner(context, run, asked.prompt));
    const stale = findStaleFiles(asked.policy, readPolicy(context.profile.paths));
    if (stale.length > 0) {
      return { outcome: "stale", reason: `changed while deciding: ${stale.join(", ")}`, decision };
    }
    await checkMove(decision, actContext(context));
    const judgement = judgeMove(decision, rules);
    if (judgement.verdict === "deny") {
      const reason = `the gate denies ${judgement.matched} (rule ${judgement.rule})`;
      return { outcome: "refused", reason, decision, judgement };
    }
    return { outcome: "decided", decision, judgement };
  } catch (error) {
    if (error instanceof StoppedDeciding) return { outcome: "stopped" };
    const isRefused = error instanceof RefusedDecision || error instanceof RefusedMove;
    const reason = messageOf(error);
    return { outcome: isRefused ? "refused" : "failed", reason, ...(decision ? { decision } : {}) };
  }
}

async function askRunner(context: BeatContext, run: RunFolder, prompt: string): Promise<string> {
  const { profile, settings } = context;
  const runner = settings.config.defaultRunner;
  const command = getRunnerCommand(settings.config.runners, runner, "tick");
  tell(context, "deciding", `asking ${runner}`, { fields: { run: run.id, runner } });
  noteDecide(profile.paths, context.now().getTime());
  noteRun(context, { id: run.id, runner });
  let wasCutOff = false;
  try {
    return await decide({
      prompt,
      run,
      command,
      tickDir: profile.paths.tickDir,
      env: {
        ...beatEnv(context, "runner"),
        LOOOP_RUN_ID: run.id,
        LOOOP_RUNNER: runner,
      },
      timeoutMs: settings.knobs.tickTimeoutMs,
      ...(context.signal ? { signal: context.signal } : {}),
    });
  } catch (error) {
    wasCutOff = error instanceof RunnerTimeout;
    throw error;
  } finally {
    settleCost(context, run.id, runner, { wasCutOff });
    noteRun(context, undefined);
  }
}

/** Which policy files are not what they were when the prompt was built. */
function findStaleFiles(before: Policy, after: Policy): readonly string[] {
  const texts = ({ playbook, goals, sensors }: Policy) =>
    new Map(
      [...(playbook ? [playbook] : []), ...goals, ...sensors].map(({ path, text }) => [path, text]),
    );
  const [old, now] = [texts(before), texts(after)];
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].filter((path) => old.get(path) !== now.get(path));
}

function nextLastBeat(context: BeatContext, made: {
  readonly run: RunFolder;
  readonly promptedAtMs: number;
  readonly world: World;
  readonly last: LastBeat | undefined;
  readonly changes: readonly Change[] | undefined;
  readonly decision: Decision;
  readonly woke: Woke;
}): LastBeat {
  const { run, promptedAtMs, world, last, changes = [], decision, woke } = made;
  const moved = new Set(changes.map(({ where }) => where));
  const changedInARow = Object.keys(world.signals)
    .filter((name) => moved.has(`sensor ${name}`))
    .map((name) => [name, (last?.changedInARow[name] ?? 0) + 1]);
  return {
    world,
    decidedAtMs: context.now().getTime(),
    promptedAtMs,
    spent: noteSpent(context),
    runId: run.id,
    action: decision.action,
    move: shorten(foldLine(describe(decision)), 500),
    woke,
    turn: (last?.turn ?? 0) + 1,
    changedInARow: Object.fromEntries(changedInARow),
  };
}
