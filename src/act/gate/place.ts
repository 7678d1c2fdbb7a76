/**
 * Paths as the gate judges them: what must never be deleted, and what may go without a question.
 * Looks at names only; it does not follow symlinks and touches no disk.
 *
 * @module
 */
import { isAbsolute, join, normalize } from "node:path";

/** Where looop stands, for the rules that depend on it. */
export interface Place {
  /** The profile's folder: deleting it is denied. Commands start in it. */
  readonly dataDir: string;
  /** The user's home. */
  readonly home: string;
}

const TEMPORARY_FOLDERS = [
  "/tmp",
  "/var/tmp",
  "/private/tmp",
  "/private/var/tmp",
  "/dev/shm",
  "/var/folders",
] as const;

/** A last segment that names everything in its folder: `*`, `.*`, `.`, `.[!.]*`, `**`. */
function isEverything(segment: string): boolean {
  return /[*?]/.test(segment) && /^[*.?[\]!@{},]+$/.test(segment);
}

/** Makes a path absolute, with `~`, `.` and `..` resolved and no slash at its end. */
export function absolutePath(written: string, folder: string, place: Place): string {
  const path = written.replace(/^~(?=\/|$)/, () => place.home);
  const base = folder.replace(/^~(?=\/|$)/, () => place.home);
  const absolute = normalize(isAbsolute(path) ? path : join(base, path));
  return absolute.length > 1 ? absolute.replace(/\/+$/, "") : absolute;
}

/** Tells whether deleting `written` takes `/`, the home or the data dir with it. */
export function takesEverything(written: string, folder: string, place: Place): boolean {
  const path = absolutePath(written, folder, place);
  const slash = path.lastIndexOf("/");
  const isGlob = isEverything(path.slice(slash + 1));
  const whole = isGlob ? path.slice(0, slash) || "/" : path;
  return [place.home, place.dataDir].some((kept) =>
    isWithin(absolutePath(kept, "/", place), whole)
  ) || whole === "/";
}

/** Tells whether `written` lies below a folder for temporary files, and outside home and data dir. */
export function isTemporary(written: string, folder: string, place: Place): boolean {
  const path = absolutePath(written, folder, place);
  if ([place.home, place.dataDir].some((kept) => isWithin(path, absolutePath(kept, "/", place)))) {
    return false;
  }
  return TEMPORARY_FOLDERS.some((temporary) => {
    if (path === temporary || !isWithin(path, temporary)) return false;
    const first = path.slice(temporary.length + 1).split("/")[0] ?? "";
    return !isEverything(first);
  });
}

/** Tells whether `path` is `folder` or lies below it. Both are absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : folder + "/");
}
