/**
 * Opens libc with a group of symbols. Every foreign call of looop goes through here.
 *
 * @module
 */
import { LooopError, messageOf } from "../base/errors.ts";
import { isDarwin } from "./constants.ts";
import { libcPaths } from "./paths.ts";

/**
 * Opens libc.
 *
 * @param symbols The functions that the caller needs; each group is opened on its own, so that a
 *   verb that only takes a lock does not pay for the PTY calls.
 * @throws {LooopError} When no libc can be opened, with every path tried.
 */
export function openLibc<const S extends Deno.ForeignLibraryInterface>(
  symbols: S,
): Deno.DynamicLibrary<S> {
  const failures: string[] = [];
  for (const path of libcPaths()) {
    try {
      return Deno.dlopen(path, symbols);
    } catch (error) {
      failures.push(`${path} (${messageOf(error)})`);
    }
  }
  throw new LooopError(`cannot open the C library: ${failures.join("; ")}`, {
    hint: "run `looop doctor`",
  });
}

/**
 * Names a group of symbols that is opened when the first of them is called.
 *
 * @param linux The signatures; macOS may need others, with the same JavaScript types.
 * @param before Runs once, ahead of the opening.
 */
export function libcGroup<const S extends Deno.ForeignLibraryInterface>(
  linux: S,
  darwin: Deno.ForeignLibraryInterface = linux,
  before: () => void = () => {},
): () => Deno.DynamicLibrary<S>["symbols"] {
  let library: Deno.DynamicLibrary<S> | undefined;
  return () => {
    if (!library) {
      before();
      // Only the widths of integers differ, which JavaScript does not see.
      library = openLibc(isDarwin ? darwin : linux) as Deno.DynamicLibrary<S>;
    }
    return library.symbols;
  };
}

let isThere: boolean | undefined;

/**
 * Tells whether libc can be called at all. Where it cannot (no permission for foreign calls, or a
 * system on which it lies elsewhere), the modules named `plain_…` do what they can by other means.
 */
export function hasLibc(): boolean {
  return (isThere ??= canOpen());
}

function canOpen(): boolean {
  try {
    openLibc({}).close();
    return true;
  } catch {
    return false; // Why, `openLibc()` says to whoever insists on it.
  }
}

/** Returns a C string: UTF-8 with a closing NUL. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text + "\0");
}
