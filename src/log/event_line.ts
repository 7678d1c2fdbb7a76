/**
 * An event as one line for a person: `[HH:MM:SS] <glyph> <msg>`.
 *
 * @module
 */
import { appendLine } from "../base/jsonl_file.ts";
import type { EventName, LogEvent } from "./events.ts";
import type { Environment } from "../profile/environment.ts";

/** Glyph and ANSI style of an event. What is not named here is plain news. */
const LOOKS: { readonly [E in EventName]?: readonly [glyph: string, style: string] } = {
  unchanged: ["·", "2"],
  beat_start: ["·", "2"],
  deciding: ["…", "2"],
  decided: ["→", "36"],
  acted: ["✓", "32"],
  asked: ["?", "35;1"],
  answered: ["!", "35"],
  notified: ["!", "33;1"],
  held: ["‖", "33"],
  stale: ["~", "33"],
  refused: ["✗", "31"],
  failed: ["✗", "31"],
  sensor_failed: ["✗", "33"],
  flag_raised: ["⚑", "33;1"],
  flag_cleared: ["⚐", "2"],
  worker_started: ["▶", "34"],
  worker_ended: ["■", "34"],
  human_edits: ["✎", "2"],
  recovered: ["↺", "33"],
  warning: ["✗", "33"],
  config_rejected: ["✗", "31"],
};

/** Tells whether the environment asks for log lines as JSON. */
export function wantsJsonLines(env: Environment): boolean {
  return env("LOOOP_LOG_FORMAT") === "json";
}

/** Formats an event. Line ends and control characters were folded when the event was made. */
export function formatEventLine(event: LogEvent, hasColour: boolean): string {
  const at = new Date(event.ts);
  const two = (part: number) => String(part).padStart(2, "0");
  const clock = `[${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}]`;
  const [glyph, style] = LOOKS[event.event] ?? ["•", ""];
  if (!hasColour) return `${clock} ${glyph} ${event.msg}`;
  if (style === "") return `\x1b[2m${clock}\x1b[0m ${glyph} ${event.msg}`;
  return style === "2"
    ? `\x1b[2m${clock} ${glyph} ${event.msg}\x1b[0m`
    : `\x1b[2m${clock}\x1b[0m \x1b[${style}m${glyph} ${event.msg}\x1b[0m`;
}

/** Tells whether an event is news for a person; the rest is for programs. */
export function isForPeople({ level, event }: LogEvent): boolean {
  return level !== "debug" || event === "unchanged";
}

/** Size beyond which the older half of `tick.log` goes. */
const LOG_LIMIT_BYTES = 1024 * 1024;

/** Appends the line to `tick.log`, for `tail -f`. A log that cannot be written stops nothing. */
export function appendEventLine(path: string, event: LogEvent): void {
  if (!isForPeople(event)) return;
  try {
    appendLine(path, formatEventLine(event, false), { bounds: { limitBytes: LOG_LIMIT_BYTES } });
  } catch {
    // The same event stands in events.jsonl, or told why it could not.
  }
}
