/**
 * Times for people: to the second where they are near, to the minute where they are not.
 *
 * @module
 */
import { formatDurationMs } from "../base/durations.ts";

/** Nearer than this, seconds are told. */
const NEAR_MS = 10 * 60_000;

/** Writes how long something takes or is ago: `42s`, `4m 10s`, `2h05m`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds * 1000 >= NEAR_MS) return formatDurationMs(seconds * 1000);
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return minutes === 0 ? `${rest}s` : rest === 0 ? `${minutes}m` : `${minutes}m ${rest}s`;
}

/** Writes when something comes: `in 4m 10s, at 10:42:05`, `at 15:30`, `at midnight`, `now`. */
export function formatMoment(iso: string, now: Date): string {
  const ms = Date.parse(iso) - now.getTime();
  if (ms <= 0) return "now";
  return ms < NEAR_MS
    ? `in ${formatSpan(ms)}, at ${formatClock(iso, now)}`
    : `at ${formatClock(iso, now)}`;
}

/** A pulse that is this late is not about to beat: it was stopped, or the machine sleeps. */
const LATE_MS = 5000;

/** Writes when a pulse beats next, or that it should have long ago. */
export function formatBeat(iso: string, pid: number | null, now: Date): string {
  const lateMs = now.getTime() - Date.parse(iso);
  if (lateMs < LATE_MS) return formatMoment(iso, now);
  const who = pid === null ? "the pulse" : `pid ${pid}`;
  return `overdue by ${formatSpan(lateMs)}: ${who} does not beat; was it stopped?` +
    (pid === null ? "" : ` \`kill -CONT ${pid}\` lets it go on`);
}

/** Writes the local time, with its day where that is not today: `10:42:05`, `15:30`, `midnight`. */
export function formatClock(iso: string, now: Date): string {
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, "0");
  if (at.getTime() === new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime()) {
    return "midnight";
  }
  const isNear = Math.abs(at.getTime() - now.getTime()) < NEAR_MS;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}` +
    (isNear ? `:${two(at.getSeconds())}` : "");
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
