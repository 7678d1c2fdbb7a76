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

/** How many older entries in a row show that nothing newer lies before them. */
const OLDER_ENTRIES_IN_A_ROW = 64;

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
    closeLastLine(file);
    writeAllSync(file, new TextEncoder().encode(line + "\n"));
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
 * Counts the entries of `since`'s minute and later. Asked before a move and again after a crash, the
 * two answers tell whether the move's line reached the journal: across a rotation, and whatever the
 * clock did before.
 */
export function countJournalSince(paths: JournalPaths, since: Date): number {
  const minute = formatMinute(since);
  return withJournalLock(paths, "shared", () => {
    let count = 0;
    let olderInARow = 0;
    for (const { at } of newestFirst(paths)) {
      if (at === null) continue;
      if (at >= minute) {
        count++;
        olderInARow = 0;
      } else if (++olderInARow >= OLDER_ENTRIES_IN_A_ROW) break;
    }
    return count;
  });
}

function* newestFirst(paths: JournalPaths): Generator<JournalLine> {
  for (const { path, to } of listJournalParts(paths)) {
    for (const line of readLinesBackward(path, to === undefined ? {} : { to })) {
      if (line.trim() !== "") yield parseJournalLine(line);
    }
  }
}
