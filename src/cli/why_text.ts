/**
 * The accounts of `looop why` as a few plain lines.
 *
 * @module
 */
import { canonicalJson, type Json } from "../base/canonical_json.ts";
import { formatDurationMs } from "../base/durations.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import type { Change } from "../diff/what_changed.ts";
import { formatUsd } from "../log/money.ts";
import type { LastAccount } from "../pulse/explain_last.ts";
import type { WaitAccount } from "../pulse/explain_wait.ts";

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
        : `${formatDurationMs(readings.age_s * 1000)} ago; sensors were not run for this`,
    ],
  ];
  return lines.map(([name, text]) => `${name.padEnd(8)} ${foldLine(text)}`).join("\n") + "\n";
}

function nextWords({ next_decision_at: at, pulse }: WaitAccount, now: Date): string {
  const beat = pulse.next_beat_at === null
    ? ""
    : `; the pulse looks again by ${clock(pulse.next_beat_at, now)}`;
  if (at === null) return `not before something changes${beat}`;
  return Date.parse(at) <= now.getTime()
    ? `at the next beat${beat}`
    : `not before ${clock(at, now)} unless something changes${beat}`;
}

/** Writes what the last decided beat was about. */
export function formatLast(account: LastAccount, now: Date): string {
  const { woke, failures_since: failed } = account;
  const ago = formatDurationMs(Math.max(0, now.getTime() - Date.parse(account.at)));
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

/** The local time, with its day where that is not today. */
function clock(iso: string, now: Date): string {
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
