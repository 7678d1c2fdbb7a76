/**
 * `events.jsonl`: what the pulse did, one JSON object a line, for programs. Scratch: bounded, and no
 * promise depends on it.
 *
 * @module
 */
import { appendJsonLine, parseJsonLines } from "../base/jsonl_file.ts";
import { readLinesBackward } from "../base/line_reader.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import * as s from "../base/shape.ts";

/** How much an event matters. */
export const EVENT_LEVELS = ["debug", "info", "warn", "error"] as const;

/** How much an event matters. */
export type EventLevel = typeof EVENT_LEVELS[number];

/** The names of all events; constant words, so that a program can wait for one. */
export type EventName =
  | "seeded"
  | "pulse_start"
  | "pulse_adopted"
  | "pulse_ended"
  | "following"
  | "stopping"
  | "stopped"
  | "pulse_stop"
  | "beat_start"
  | "sensor_failed"
  | "unchanged"
  | "held"
  | "deciding"
  | "decided"
  | "acted"
  | "asked"
  | "answered"
  | "refused"
  | "stale"
  | "failed"
  | "notified"
  | "human_edits"
  | "recovered"
  | "worker_started"
  | "worker_ended"
  | "flag_raised"
  | "flag_cleared"
  | "claim_reaped"
  | "config_rejected"
  | "warning";

/** One event, as `looop --json` prints it and `events.jsonl` keeps it. */
export interface LogEvent {
  /** ISO 8601, UTC, milliseconds. */
  readonly ts: string;
  readonly level: EventLevel;
  readonly event: EventName;
  /** One sentence for people. */
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** What an event may carry besides its name and message. */
export interface EventOptions {
  /** `info` where left out. */
  readonly level?: EventLevel;
  /** More fields; those of the event itself win. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

const MAX_MESSAGE_LENGTH = 4000;
const MAX_LINE_LENGTH = 65_536;
/** Size beyond which the older half of the events goes. */
const DEFAULT_LIMIT_BYTES = 4 * 1024 * 1024;

const storedEvent = s.objectWith({
  ts: s.text,
  level: s.oneOf(...EVENT_LEVELS),
  event: s.text,
  msg: s.text,
});

/** An event as it was read: its fields of every kind stand in it, too. */
type StoredEvent = s.ValueOf<typeof storedEvent> & Readonly<Record<string, unknown>>;

/** Makes an event. */
export function makeEvent(
  event: EventName,
  msg: string,
  options: EventOptions & { readonly now: Date },
): LogEvent {
  const own = {
    ts: options.now.toISOString(),
    level: options.level ?? "info",
    event,
    msg: shorten(foldLine(msg), MAX_MESSAGE_LENGTH),
  };
  return { ...own, ...options.fields, ...own };
}

/**
 * Appends one event. A full disk must not stop the loop for the sake of its own log, so that this
 * never throws for it.
 *
 * @returns Whether the event was written.
 */
export function appendEvent(
  path: string,
  event: LogEvent,
  options: { readonly limitBytes?: number } = {},
): boolean {
  const isTooLong = JSON.stringify(event).length > MAX_LINE_LENGTH;
  const { ts, level, event: name, msg } = event;
  try {
    appendJsonLine(path, isTooLong ? { ts, level, event: name, msg, is_cut: true } : event, {
      bounds: { limitBytes: options.limitBytes ?? DEFAULT_LIMIT_BYTES },
    });
    return true;
  } catch {
    return false; // Told by the result; the events are not worth a beat.
  }
}

/**
 * Reads the newest events, from the end. Lines that are no events (torn by a crash) are left out.
 *
 * @returns At most `tail` events, oldest first.
 */
export function readEvents(path: string, tail: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (const line of parseJsonLines(readLinesBackward(path))) {
    if (events.length >= tail) break;
    if (!line.isBroken && isEvent(line.value)) events.push(line.value);
  }
  return events.reverse();
}

function isEvent(value: unknown): value is StoredEvent {
  return s.matches(storedEvent, value) !== undefined;
}

/** Reads one line of the file; undefined for a line that is no event. */
export function parseEventLine(line: string): LogEvent | undefined {
  for (const parsed of parseJsonLines([line])) {
    // The name may be one that only a newer looop knows: it is shown all the same.
    if (!parsed.isBroken && isEvent(parsed.value)) return parsed.value as LogEvent;
  }
  return undefined;
}
