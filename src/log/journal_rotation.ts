/**
 * Moves earlier months from `journal.md` to `journal/YYYY-MM.md`, so that a crash at any point
 * neither loses a line nor doubles one.
 *
 * First a plan (`journal/.rotation`) writes down how long each archive is; then the archives grow;
 * the new `journal.md` replaces the old one by rename, which is the point of no return; then the plan
 * goes. A plan that is found later with the old `journal.md` still in place is undone: the archives
 * are cut back to their length.
 *
 * @module
 */
import { join } from "node:path";
import {
  ensurePrivateDir,
  PRIVATE_FILE_MODE,
  readTextIfThere,
  removeIfThere,
  writeFileAtomic,
} from "../base/atomic_file.ts";
import { readLines, readLinesBackward } from "../base/line_reader.ts";
import { isFolder, isRegularFile } from "../base/regular_file.ts";
import type { JournalPaths } from "./journal_line.ts";
import { monthOfLine, splitJournal } from "./journal_months.ts";
import { writeAllSync } from "../base/write_all.ts";
import * as s from "../base/shape.ts";

const NEWLINE = 10;
const NOT_THERE = -1;
/** How far to look for the first entry: a title and some prose may stand before it. */
const HEAD_LINES = 1000;

const Plan = s.objectWith({
  /** The first month that stays in `journal.md`. */
  month: s.text,
  /** Bytes of each month's archive before; -1 where there was none. */
  lengths: s.mapOf(s.number),
});
type Plan = s.ValueOf<typeof Plan>;

/** Runs `use` while no other process changes the journal. The lock lies on the folder itself. */
export function withJournalLock<T>(
  paths: JournalPaths,
  kind: "exclusive" | "shared",
  use: () => T,
): T {
  if (kind === "exclusive") ensurePrivateDir(paths.journalDir);
  using folder = openFolder(paths.journalDir);
  folder?.lockSync(kind === "exclusive"); // flock(2): taken back by the system when we die
  return use();
}

/** Moves every entry of a month before `month` out of `journal.md`. Needs the exclusive lock. */
export function rotateJournal(paths: JournalPaths, month: string): void {
  if (!isRotationDue(paths, month)) return;
  const { kept, moved } = splitJournal(Deno.readFileSync(paths.journal), month);
  const lengths = Object.fromEntries(
    [...moved.keys()].map((old) => [old, lengthOf(archivePath(paths, old))]),
  );
  writeFileAtomic(planPath(paths), JSON.stringify({ month, lengths } satisfies Plan));
  for (const [old, bytes] of moved) appendArchive(archivePath(paths, old), bytes);
  writeFileAtomic(paths.journal, kept);
  removeIfThere(planPath(paths));
}

/** Ends a rotation that a crash cut short. Needs the exclusive lock. */
export function recoverRotation(paths: JournalPaths): void {
  const plan = readPlan(paths);
  if (!plan) return removeIfThere(planPath(paths));
  if (isUndone(paths, plan)) {
    const { moved } = splitJournal(Deno.readFileSync(paths.journal), plan.month);
    for (const [month, length] of Object.entries(plan.lengths)) {
      cutBack(archivePath(paths, month), length, moved.get(month) ?? new Uint8Array());
    }
  }
  removeIfThere(planPath(paths));
}

/** One file of the journal, and up to which byte it counts. */
export interface JournalPart {
  readonly path: string;
  /** Undefined: the whole file. */
  readonly to: number | undefined;
}

/**
 * Lists the files of the journal, newest first. While a rotation is half done, the lines that stand
 * twice count once. Needs the shared lock.
 */
export function listJournalParts(paths: JournalPaths): readonly JournalPart[] {
  const plan = readPlan(paths);
  const lengths = plan && isUndone(paths, plan) ? plan.lengths : {};
  const months = listArchivedMonths(paths).sort().reverse();
  return [
    { path: paths.journal, to: undefined },
    ...months.map((month) => {
      const length = lengths[month];
      return {
        path: archivePath(paths, month),
        to: length === undefined ? undefined : Math.max(0, length),
      };
    }),
  ];
}

/** Looks at the first and the last entry only: between them a jump of the clock may hide, no more. */
function isRotationDue(paths: JournalPaths, month: string): boolean {
  const isOld = (line: string) => (monthOfLine(line) ?? month) < month;
  return isOld(firstEntry(readLines(paths.journal))) ||
    isOld(firstEntry(readLinesBackward(paths.journal)));
}

function firstEntry(lines: Iterable<string>): string {
  let count = 0;
  for (const line of lines) {
    if (monthOfLine(line) !== undefined) return line;
    if (++count >= HEAD_LINES) break;
  }
  return "";
}

/** The new `journal.md` has no entry of an earlier month; the old one has, or there were no plan. */
function isUndone(paths: JournalPaths, plan: Plan): boolean {
  for (const line of readLines(paths.journal)) {
    if ((monthOfLine(line) ?? plan.month) < plan.month) return true;
  }
  return false;
}

/** Cuts an archive back, unless what stands behind `length` is not what the rotation put there. */
function cutBack(path: string, length: number, moved: Uint8Array): void {
  const before = Math.max(0, length);
  const now = lengthOf(path);
  if (now <= before) return;
  const tail = Deno.readFileSync(path).subarray(before);
  const body = tail[0] === NEWLINE && moved[0] !== NEWLINE ? tail.subarray(1) : tail;
  if (body.some((byte, index) => byte !== moved[index])) return; // a person's edit: theirs to keep
  if (length === NOT_THERE) return removeIfThere(path);
  Deno.truncateSync(path, length);
}

function appendArchive(path: string, bytes: Uint8Array): void {
  isRegularFile(path, "append");
  using file = Deno.openSync(path, {
    read: true,
    append: true,
    create: true,
    mode: PRIVATE_FILE_MODE,
  });
  closeLastLine(file);
  writeAllSync(file, bytes);
  file.syncSync();
}

/** Ends the file's last line where a person or a crash left it open. */
export function closeLastLine(file: Deno.FsFile): void {
  const { size } = file.statSync();
  if (size === 0) return;
  const byte = new Uint8Array(1);
  file.seekSync(size - 1, Deno.SeekMode.Start);
  file.readSync(byte);
  if (byte[0] !== NEWLINE) writeAllSync(file, new Uint8Array([NEWLINE]));
}

function readPlan(paths: JournalPaths): Plan | undefined {
  const text = readTextIfThere(planPath(paths));
  if (text === undefined) return undefined;
  try {
    return s.check(Plan, JSON.parse(text));
  } catch {
    return undefined; // Written atomically, so not by a crash: someone else's text is no plan.
  }
}

function planPath(paths: JournalPaths): string {
  return join(paths.journalDir, ".rotation");
}

function archivePath(paths: JournalPaths, month: string): string {
  return join(paths.journalDir, `${month}.md`);
}

function listArchivedMonths(paths: JournalPaths): string[] {
  try {
    return [...Deno.readDirSync(paths.journalDir)]
      .flatMap(({ name }) => /^(\d{4}-\d\d)\.md$/.exec(name)?.[1] ?? []);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function lengthOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return NOT_THERE;
    throw error;
  }
}

function openFolder(path: string): Deno.FsFile | undefined {
  return isFolder(path) ? Deno.openSync(path) : undefined;
}
