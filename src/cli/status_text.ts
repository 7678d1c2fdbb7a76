/**
 * The account of `looop status` as a few plain lines.
 *
 * @module
 */
import { foldLine } from "../base/plain_text.ts";
import type { Status } from "../pulse/read_status.ts";
import { formatBeat, formatClock, formatMoment, formatSpan } from "./near_time.ts";

/**
 * Writes the state of the loop.
 *
 * @param fit Cuts a line that may be long to the terminal's width.
 */
export function formatStatus(state: Status, now: Date, fit: (line: string) => string): string {
  const { pulse, last_tick, workers, asks } = state;
  const decided = last_tick.at === null
    ? "none was decided yet"
    : `last decided ${formatSpan(now.getTime() - Date.parse(last_tick.at))} ago`;
  return [
    `pulse    ${pulse.running ? `running, pid ${pulse.pid ?? "unknown"}` : "not running"}`,
    `beat     ${decided}`,
    ...describeHold(state, now).map((words) => fit(`holds    ${foldLine(words)}`)),
    `workers  ${workers.filter(({ alive }) => alive).length} alive`,
    ...workers.filter(({ flagged }) => flagged)
      .map(({ id, note }) => fit(`  ⚑ ${id}  ${foldLine(note ?? "")}`)),
    `asks     ${asks.length === 0 ? "none" : `${asks.length} open, see \`looop asks\``}`,
    `cost     $${state.cost_today_usd.toFixed(2)} today`,
    `data     ${foldLine(state.data_dir)}`,
  ].join("\n") + "\n";
}

/** What holds the loop, or when it looks again; no line where neither is known. */
function describeHold(
  { holds, pulse: { next_beat_at: nextAt, pid } }: Status,
  now: Date,
): string[] {
  const next = nextAt === null ? undefined : [`next beat ${formatBeat(nextAt, pid, now)}`];
  if (holds === null) return next === undefined ? [] : [["nothing", ...next].join("; ")];
  const { guard, reason, until } = holds;
  // A change ends it before its time; whatever else holds, no beat before its end will decide.
  const end = guard === "unchanged"
    ? [...(until === null ? [] : [`decided anew ${formatMoment(until, now)}`]), ...next ?? []]
    : until === null
    ? []
    : [`until ${formatClock(until, now)}`];
  return [[`${guard}: ${reason}`, ...end].join("; ")];
}
