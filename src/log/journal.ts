/**
 * The journal: one line for each move, `- YYYY-MM-DD HH:MM text`, local time, append-only.
 *
 * `journal.md` holds the current month, earlier ones lie in `journal/YYYY-MM.md`. People write into
 * these files too, so lines of any other form are kept and shown as they are.
 *
 * @module
 */
import { PRIVATE_FILE_MODE, writeAllSync } from "../base/atomic_file.ts";
import { readLinesBackward } from "../base/line_reader.ts";
import { isRegularFile } from "../base/regular_file.ts";
import {
  formatJournalLine,
  formatMinute,
  type JournalLine,
  type JournalPaths,
  parseJournalLine,
} from "./journal_line.ts";
import {
  closeLastLine,
  listJournalParts,
  recoverRotation,
  rotateJournal,
  withJournalLock,
} from "./journal_rotation.ts";

/** How far back one entry is looked for; more than a minute can hold. */
const NEWEST_ENTRIES = 256;
const NEWLINE = 10;

/**
 * Appends one line and flushes it to disk; first moves earlier months out of `journal.md`.
 *
 * @param text Any text; line ends and control characters are folded into spaces.
 * @returns The line as it was written, without its line end.
 */
export function appendJournal(paths: JournalPaths, text: string, now: Date): string {
  const line = formatJournalLine(text, now);
  withJournalLock(paths, "exclusive", () => {
    recoverRotation(paths);
    rotateJournal(paths, formatMinute(now).slice(0, "YYYY-MM".length));
    isRegularFile(paths.journal, "append");
    using file = Deno.openSync(paths.journal, {
      read: true,
      append: true,
      create: true,
      mode: PRIVATE_FILE_MODE,
    });
    writeAllSync(file, closeOrFinish(file, new TextEncoder().encode(line + "\n")));
    file.syncDataSync();
  });
  return line;
}

/**
 * Reads the newest lines across all months, from the end, so that a long history costs nothing.
 *
 * @param tail How many lines, blank ones not counted; all where left out.
 * @returns The lines, oldest first.
 */
export function readJournal(paths: JournalPaths, tail = Infinity): JournalLine[] {
  return withJournalLock(paths, "shared", () => {
    const lines: JournalLine[] = [];
    for (const line of newestFirst(paths)) {
      if (lines.length >= tail) break;
      lines.push(line);
    }
    return lines.reverse();
  });
}

/**
 * Counts how often this very entry stands among the newest ones. Asked before an append and again
 * after a crash, the two answers tell whether the line reached the journal: across a rotation, and
 * whatever the clock did before, as long as both ask with the same time.
 */
export function countEntry(paths: JournalPaths, text: string, time: Date): number {
  const entry = parseJournalLine(formatJournalLine(text, time));
  return readJournal(paths, NEWEST_ENTRIES)
    .filter((line) => line.at === entry.at && line.text === entry.text).length;
}

/**
 * Makes room for a line behind the last one. A last line that was cut off gets its end, unless it is
 * the beginning of this very line: then only the rest is left to write.
 *
 * @returns The bytes to append.
 */
function closeOrFinish(file: Deno.FsFile, line: Uint8Array): Uint8Array {
  const { size } = file.statSync();
  const tail = new Uint8Array(Math.min(size, line.length));
  file.seekSync(size - tail.length, Deno.SeekMode.Start);
  const length = file.readSync(tail) ?? 0;
  const begun = tail.subarray(tail.subarray(0, length).lastIndexOf(NEWLINE) + 1, length);
  const isWholeLine = begun.length < length || length === size;
  if (isWholeLine && begun.length > 0 && begun.every((byte, index) => byte === line[index])) {
    return line.subarray(begun.length);
  }
  closeLastLine(file);
  return line;
}

function* newestFirst(paths: JournalPaths): Generator<JournalLine> {
  for (const { path, to } of listJournalParts(paths)) {
    for (const line of readLinesBackward(path, to === undefined ? {} : { to })) {
      if (line.trim() !== "") yield parseJournalLine(line);
    }
  }
}
