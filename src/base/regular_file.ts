/**
 * Looks at what stands in a file's place before it is opened: opening a FIFO waits for ever, and what
 * is appended to a link goes to wherever it points.
 *
 * @module
 */
import { LooopError, messageOf } from "./errors.ts";

/**
 * Tells whether a regular file stands at a path; a link to one counts for reading.
 *
 * @param use `append` also refuses links.
 * @returns False where there is nothing.
 * @throws {LooopError} When something else stands there.
 */
export function isRegularFile(path: string, use: "read" | "append" = "read"): boolean {
  let info: Deno.FileInfo;
  try {
    info = use === "read" ? Deno.statSync(path) : Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new LooopError(`cannot look at ${path}: ${messageOf(error)}`, {
      hint: "check its owner, its mode and its folder's",
      cause: error,
    });
  }
  if (info.isFile) return true;
  throw new LooopError(`${path} is ${nameKind(info)}, not a file`, { hint: "move it away" });
}

/**
 * Tells whether a folder stands at a path, or a link to one.
 *
 * @returns False where there is nothing.
 * @throws {LooopError} When something else stands there: opening a FIFO waits for ever.
 */
export function isFolder(path: string): boolean {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new LooopError(`cannot look at ${path}: ${messageOf(error)}`, {
      hint: "check its owner, its mode and its folder's",
      cause: error,
    });
  }
  if (info.isDirectory) return true;
  throw new LooopError(`${path} is ${nameKind(info)}, not a folder`, { hint: "move it away" });
}

/** Says what something is, for messages. */
export function nameKind(info: Deno.FileInfo): string {
  if (info.isSymlink) return "a symbolic link";
  if (info.isDirectory) return "a folder";
  if (info.isFifo) return "a FIFO";
  if (info.isFile) return "a file";
  return info.isSocket ? "a socket" : "a device";
}
