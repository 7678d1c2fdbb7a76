/**
 * Files that are either the old or the new text, never half of one, whatever dies when.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { LooopError, messageOf } from "./errors.ts";
import { isRegularFile, nameKind } from "./regular_file.ts";

/** Mode of a file that may carry input or secrets. */
export const PRIVATE_FILE_MODE = 0o600;
/** Mode of a folder that only its owner may enter. */
export const PRIVATE_DIR_MODE = 0o700;

let lastNumber = 0;

/**
 * Replaces a file by way of a temporary one beside it: write, flush to disk, rename, flush the folder.
 *
 * @param path The file. Its folder exists.
 * @param content Text or bytes.
 * @param options `mode` of the new file, 0600 where left out, whatever the umask; `flush: false` for
 *   scratch, which may be lost in a power cut but is still never half-written to a reader.
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: { readonly mode?: number; readonly flush?: boolean } = {},
): void {
  const mode = options.mode ?? PRIVATE_FILE_MODE;
  const temporary = join(
    dirname(path),
    `.tmp-${Deno.pid}-${++lastNumber}-${Date.now().toString(36)}`,
  );
  try {
    const file = Deno.openSync(temporary, { write: true, createNew: true, mode });
    try {
      writeAllSync(file, typeof content === "string" ? new TextEncoder().encode(content) : content);
      Deno.chmodSync(temporary, mode);
      if (options.flush !== false) file.syncSync();
    } finally {
      file.close();
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  if (options.flush !== false) flushFolder(dirname(path));
}

/**
 * Removes the temporary files that writers left in a folder when they were killed. A folder that is
 * not there has none.
 *
 * @param olderThanMs Younger ones may still be written; an hour is plenty.
 */
export function sweepTemporaryFiles(folder: string, olderThanMs: number): void {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => name);
  } catch {
    return; // Not there, or no folder: whoever needs it says so.
  }
  for (const name of names.filter((name) => name.startsWith(".tmp-"))) {
    const path = join(folder, name);
    try {
      const modified = Deno.lstatSync(path).mtime?.getTime() ?? Date.now();
      if (Date.now() - modified > olderThanMs) removeIfThere(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // Its writer lives.
    }
  }
}

/** Writes every byte; a single write may take fewer than it is given. */
export function writeAllSync(
  file: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

/** Removes one file; one that is not there is fine. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Reads a text file, or undefined where there is none.
 *
 * @throws {LooopError} When something else stands there: reading a FIFO would wait for ever.
 */
export function readTextIfThere(path: string): string | undefined {
  try {
    if (!isRegularFile(path)) return undefined;
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Creates a folder and its parents, the folder itself with mode 0700 whatever the umask.
 *
 * @param options `mayBeLink`: a link to a folder will do; where left out it is refused, so that nothing
 *   is written to wherever it points.
 * @throws {LooopError} When something else stands there, or it cannot be made.
 */
export function ensurePrivateDir(
  path: string,
  options: { readonly mayBeLink?: boolean } = {},
): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: PRIVATE_DIR_MODE });
    const info = options.mayBeLink ? Deno.statSync(path) : Deno.lstatSync(path);
    if (!info.isDirectory) throw notOwnFolder(path, info);
    if (((info.mode ?? 0) & 0o777) !== PRIVATE_DIR_MODE) Deno.chmodSync(path, PRIVATE_DIR_MODE);
  } catch (error) {
    if (error instanceof LooopError) throw error;
    const info = lookAt(path);
    if (info !== undefined && !info.isDirectory) throw notOwnFolder(path, info);
    throw new LooopError(`cannot make the folder ${path}: ${messageOf(error)}`, {
      hint: "check the owner and mode of the folder above it, and for space on the disk",
      cause: error,
    });
  }
}

function notOwnFolder(path: string, info: Deno.FileInfo): LooopError {
  return new LooopError(`${path} is ${nameKind(info)}, not a folder`, { hint: "move it away" });
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined; // The caller has the error that counts.
  }
}

/** Makes a rename durable. Not every file system can flush a folder; those that cannot keep order anyway. */
function flushFolder(path: string): void {
  try {
    const folder = Deno.openSync(path);
    try {
      folder.syncSync();
    } finally {
      folder.close();
    }
  } catch {
    // Some systems refuse to open or flush a folder: the rename is atomic all the same.
  }
}
