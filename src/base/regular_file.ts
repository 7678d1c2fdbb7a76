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
  const info = lookAt(path, use === "read" ? Deno.statSync : Deno.lstatSync);
  if (info === undefined || info.isFile) return info !== undefined;
  throw new LooopError(`${path} is ${nameKind(info)}, not a file`, { hint: "move it away" });
}

/**
 * Tells whether a folder stands at a path, or a link to one.
 *
 * @returns False where there is nothing.
 * @throws {LooopError} When something else stands there.
 */
export function isFolder(path: string): boolean {
  const info = lookAt(path, Deno.statSync);
  if (info === undefined || info.isDirectory) return info !== undefined;
  throw new LooopError(`${path} is ${nameKind(info)}, not a folder`, { hint: "move it away" });
}

function lookAt(path: string, look: typeof Deno.statSync): Deno.FileInfo | undefined {
  try {
    return look(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new LooopError(`cannot look at ${path}: ${messageOf(error)}`, {
      hint: "check its owner, its mode and its folder's",
      cause: error,
    });
  }
}

/** Says what something is, for messages. */
export function nameKind(info: Deno.FileInfo): string {
  if (info.isSymlink) return "a symbolic link";
  if (info.isDirectory) return "a folder";
  if (info.isFifo) return "a FIFO";
  if (info.isFile) return "a file";
  return info.isSocket ? "a socket" : "a device";
}
