/**
 * The accounts of `looop why` as a few plain lines.
 *
 * @module
 */
import { canonicalJson, type Json } from "../base/canonical_json.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import type { Change } from "../diff/what_changed.ts";
import { formatUsd } from "../log/money.ts";
import type { LastAccount } from "../pulse/explain_last.ts";
import type { WaitAccount } from "../pulse/explain_wait.ts";
import { formatBeat, formatClock, formatMoment, formatSpan } from "./near_time.ts";

/** Guards that look at what was spent, not at the world. */
const LIMITS: readonly string[] = ["budget", "rate"];
const MAX_CHANGES = 8;
const MAX_VALUE_LENGTH = 80;

/** Writes why the loop waits. */
export function formatWait(account: WaitAccount, now: Date): string {
  const { holding, reason, wake, pulse, questions, changes, readings } = account;
  const or = account.or === null ? [] : [`${wake.length === 0 ? "" : "or "}${account.or}`];
  const lines: (readonly [string, string])[] = [
    account.would_move
      ? ["moves", `at the next beat: ${account.moves_because}`]
      : ["held", `${holding ?? ""}: ${reason}`],
    ...(account.would_move && holding === "pulse" ? [["held", reason] as const] : []),
    ["next", nextWords(account, now)],
    ...[
      ...wake.map(({ text, command }) => command === null ? text : `${command}    # ${text}`),
      ...or,
    ].map((step, index) => [index === 0 ? "wake" : "", step] as const),
    ...(wake.length > 0 && !pulse.running
      ? [["", "no pulse is running: then `looop tick`, or `looop`"] as const]
      : []),
    ...changes.slice(0, MAX_CHANGES).map((change, index) =>
      [index === 0 ? "changed" : "", formatChange(change)] as const
    ),
    ...questions.map(({ id, kind, session, command }, index) =>
      [
        index === 0 ? "asks" : "",
        `${id} from ${kind === "gate" ? "the gate" : session}: ${command}`,
      ] as const
    ),
    [
      "read",
      readings.age_s === null
        ? "no reading yet"
        : `${formatSpan(readings.age_s * 1000)} ago; sensors were not run for this`,
    ],
  ];
  return lines.map(([name, text]) => `${name.padEnd(8)} ${foldLine(text)}`).join("\n") + "\n";
}

function nextWords(account: WaitAccount, now: Date): string {
  const { next_decision_at: at, pulse, guards } = account;
  const beat = pulse.next_beat_at === null
    ? ""
    : `; the pulse looks again ${formatBeat(pulse.next_beat_at, pulse.pid, now)}`;
  const limits = guards.filter(({ guard, holds }) => holds && LIMITS.includes(guard));
  const [limited] = limits.flatMap(({ until }) => until ?? []).sort().reverse();
  const stays = `a change does not lift the ${limits.map(({ guard }) => guard).join(" and the ")}`;
  const despite = limited === undefined
    ? ""
    : `, though not before ${formatClock(limited, now)}: ${stays}`;
  if (at === null) return `when something changes${despite}${beat}`;
  if (Date.parse(at) <= now.getTime()) return `at the next beat${beat}`;
  const moment = formatMoment(at, now);
  if (limited === at) return `${moment}; ${stays}${beat}`;
  return `${moment}, sooner if something changes${despite}${beat}`;
}

/** Writes what the last decided beat was about. */
export function formatLast(account: LastAccount, now: Date): string {
  const { woke, failures_since: failed } = account;
  const ago = formatSpan(now.getTime() - Date.parse(account.at));
  const shown = woke.changes.slice(0, MAX_CHANGES);
  const more = woke.changes.length - shown.length + woke.more;
  const lines: (readonly [string, string])[] = [
    ["beat", `${ago} ago, run ${account.run}`],
    ["woke", woke.reason],
    ...shown.map((change) => ["", formatChange(change)] as const),
    ...(more > 0 ? [["", `and ${more} more`] as const] : []),
    ["move", `${account.outcome === "asked" ? "asked for leave: " : ""}${account.move}`],
    ["cost", account.cost_usd === null ? "not known" : formatUsd(account.cost_usd)],
    ...(failed === null
      ? []
      : [["since", `${failed.count} failed: ${shorten(foldLine(failed.reason), 300)}`] as const]),
  ];
  return lines.map(([name, text]) => `${name.padEnd(8)} ${foldLine(text)}`).join("\n") + "\n";
}

function formatChange({ where, kind, pointer, old, new: now }: Change): string {
  const place = pointer === undefined || pointer === "" ? where : `${where} ${pointer}`;
  if (old === undefined && now === undefined) return `${place} ${kind}`;
  if (old === undefined) return `${place} added: ${formatValue(now!)}`;
  if (now === undefined) return `${place} removed: ${formatValue(old)}`;
  return `${place}: ${formatValue(old)} -> ${formatValue(now)}`;
}

function formatValue(value: Json): string {
  return shorten(canonicalJson(value), MAX_VALUE_LENGTH);
}
