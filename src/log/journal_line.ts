/**
 * One line of the journal: its form, its time, its month.
 *
 * @module
 */
import { foldLine } from "../base/plain_text.ts";

/** Where the journal lies. */
export interface JournalPaths {
  /** `journal.md`, the current month. */
  readonly journal: string;
  /** `journal/`, one file for each earlier month. */
  readonly journalDir: string;
}

/** One line of the journal. */
export interface JournalLine {
  /** Local time, `YYYY-MM-DD HH:MM`; null for a line that a person wrote in another form. */
  readonly at: string | null;
  readonly text: string;
}

const ENTRY = /^- (\d{4}-\d\d-\d\d \d\d:\d\d)(?: (.*))?$/;

/** Writes an entry, without a line end; line ends and control characters become spaces. */
export function formatJournalLine(text: string, time: Date): string {
  return `- ${formatMinute(time)} ${foldLine(text) || "(no words)"}`;
}

/** Reads one line of the journal. */
export function parseJournalLine(line: string): JournalLine {
  const [, at, text] = ENTRY.exec(line) ?? [];
  return at === undefined ? { at: null, text: line } : { at, text: text ?? "" };
}

/** Writes a time as the journal does, local: `YYYY-MM-DD HH:MM`. */
export function formatMinute(time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const date = `${String(time.getFullYear()).padStart(4, "0")}-${two(time.getMonth() + 1)}`;
  return `${date}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
