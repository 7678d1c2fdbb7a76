/**
 * The `asks/` folder: one file for each question that still matters, and an archive by month.
 *
 * `<id>.json` is open, or answered and not yet delivered; every change of it is one atomic replacement
 * under the folder's lock, and so is its way into `answered/YYYY-MM/<ms>-<id>.json`. Whatever dies
 * when, a question is in exactly one place.
 *
 * @module
 */
import { join } from "node:path";
import { ensurePrivateDir, writeFileAtomic } from "../base/atomic_file.ts";
import { LooopError, TimeoutError } from "../base/errors.ts";
import { tryLock } from "../base/file_lock.ts";
import { isQuestionId, parseQuestion, type Question } from "./question.ts";

/** Archived questions kept; the oldest go first. */
export const ARCHIVE_KEEP = 2000;

const LOCK_TIMEOUT_MS = 20_000;
/** A decision of 1 MiB stands in its question twice, each byte as `\u0000` at worst. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Runs `change` while no other process changes a question. Creates the folder where it is missing. */
export async function withQuestionLock<T>(asksDir: string, change: () => T): Promise<T> {
  ensurePrivateDir(asksDir);
  const deadline = performance.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    using lock = tryLock(join(asksDir, ".lock"));
    if (lock !== undefined) return change();
    if (performance.now() > deadline) {
      throw new TimeoutError(`another process keeps the questions in ${asksDir} locked`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 8));
  }
}

/** Reads the questions that still matter: open ones, and answers not yet delivered. Oldest first. */
export function readCurrent(asksDir: string): readonly Question[] {
  return namesIn(asksDir).flatMap((name) => {
    const question = name.endsWith(".json") ? readFile(join(asksDir, name)) : undefined;
    // A file that was copied under another name is no question of its own.
    return question !== undefined && name === `${question.id}.json` ? [question] : [];
  }).sort(byTime(({ raised_at }) => raised_at));
}

/** Reads one question, wherever it lies. It only ever moves from the folder to the archive. */
export function findQuestion(asksDir: string, id: string): Question | undefined {
  if (!isQuestionId(id)) return undefined;
  return readFile(join(asksDir, `${id}.json`)) ??
    archivedNames(asksDir).filter(({ name }) => name.endsWith(`-${id}.json`))
      .map(({ path }) => readFile(path)).find((question) => question?.id === id);
}

/**
 * Reads archived questions, newest first.
 *
 * @param sinceMs Only those archived at this time or later.
 */
export function readArchive(asksDir: string, sinceMs = 0): readonly Question[] {
  return archivedNames(asksDir)
    .filter(({ name }) => Number.parseInt(name, 10) >= sinceMs)
    .flatMap(({ path }) => readFile(path) ?? []);
}

/** Replaces a question's file. Call it under the lock. */
export function putQuestion(asksDir: string, question: Question): void {
  writeFileAtomic(
    join(asksDir, `${question.id}.json`),
    JSON.stringify(question, undefined, 2) + "\n",
  );
}

/** Moves a question into the archive, as it stands in its file. Call it under the lock. */
export function archiveQuestion(asksDir: string, question: Question, nowMs: number): void {
  const month = join(asksDir, "answered", new Date(nowMs).toISOString().slice(0, 7));
  ensurePrivateDir(join(asksDir, "answered"));
  ensurePrivateDir(month);
  const name = `${String(nowMs).padStart(14, "0")}-${question.id}.json`;
  Deno.renameSync(join(asksDir, `${question.id}.json`), join(month, name));
  const old = archivedNames(asksDir).slice(ARCHIVE_KEEP);
  for (const { path } of old) Deno.removeSync(path);
  for (const folder of old.length > 0 ? namesIn(join(asksDir, "answered")) : []) {
    try {
      Deno.removeSync(join(asksDir, "answered", folder));
    } catch {
      // Not empty: it stays.
    }
  }
}

/** Archived files, newest first. */
function archivedNames(asksDir: string): readonly { name: string; path: string }[] {
  const root = join(asksDir, "answered");
  return namesIn(root).filter((month) => /^\d{4}-\d\d$/.test(month)).sort().reverse()
    .flatMap((month) =>
      namesIn(join(root, month)).filter((name) => /^\d+-.+\.json$/.test(name)).sort().reverse()
        .map((name) => ({ name, path: join(root, month, name) }))
    );
}

function readFile(path: string): Question | undefined {
  try {
    const { isFile, size } = Deno.lstatSync(path); // A FIFO or a link in its place is no question.
    return isFile && size <= MAX_FILE_BYTES
      ? parseQuestion(Deno.readTextFileSync(path))
      : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new LooopError(`cannot read the question ${path}`, {
      hint: "check its owner and mode",
      cause: error,
    });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

/** Orders by an ISO time. */
export function byTime(time: (question: Question) => string | undefined) {
  return (a: Question, b: Question) => (time(a) ?? "").localeCompare(time(b) ?? "");
}
