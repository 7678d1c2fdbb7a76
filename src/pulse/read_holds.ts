/**
 * Which guard keeps the loop from its next decision, as far as the files tell: nothing is sensed, and
 * neither goals nor readings are looked at. `looop why` looks closer.
 *
 * @module
 */
import { join } from "node:path";
import { type GuardName, judgeGuards } from "../diff/guards.ts";
import type { DaySum } from "../log/cost_ledger.ts";
import type { Profile, ProfilePaths } from "../profile/profile.ts";
import type { Settings } from "./beat_context.ts";
import { readFailures, readLastHash } from "./beat_state.ts";
import { readGuardState } from "./guard_state.ts";

/** A guard that holds. */
export interface Hold {
  readonly guard: GuardName;
  readonly reason: string;
  /** When it lets go by itself; null where only a change helps. */
  readonly until: string | null;
}

/** Finds the guard that holds in the world that the last beat saw; null where none is known to. */
export function readHold(profile: Profile, { settings, today, now }: {
  readonly settings: Settings;
  readonly today: DaySum;
  readonly now: Date;
}): Hold | null {
  const { paths } = profile;
  const hash = readFailures(paths)?.hash ?? readLastHash(paths);
  const state = readGuardState({ profile, settings, now: () => now }, hash ?? "", today);
  const held = judgeGuards(state).filter(({ holds }) => holds);
  // The other guards do not ask what the world is like now: what they say is sure.
  const sure = held.find(({ guard }) => guard !== "unchanged");
  const [first] = sure ? [sure] : hasLookedSince(paths) ? held : [];
  if (first === undefined) return null;
  const { guard, reason, untilMs } = first;
  return {
    guard,
    reason: guard === "unchanged" ? "nothing had changed at the last look" : reason,
    until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
  };
}

/** Tells whether a beat has looked at the world since the last one that decided. */
function hasLookedSince({ snapshotsDir, lastTickHash }: ProfilePaths): boolean {
  const lookedMs = writtenMs(join(snapshotsDir, "sensor-sys-sessions.json"));
  const decidedMs = writtenMs(lastTickHash);
  return lookedMs !== undefined && decidedMs !== undefined && lookedMs > decidedMs;
}

function writtenMs(path: string): number | undefined {
  try {
    return Deno.statSync(path).mtime?.getTime();
  } catch {
    return undefined; // No beat has come so far.
  }
}
