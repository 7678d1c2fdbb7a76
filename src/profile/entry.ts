/**
 * Where the program began. Loaded at every start, so that it loads nothing itself.
 *
 * @module
 */

/**
 * Path of the running program. Read once, at the start: after an upgrade or a removal the system names
 * the running file "… (deleted)", which cannot be started, while the plain path already holds the
 * newer version.
 */
export const execPath: string = Deno.execPath().replace(/ \(deleted\)$/, "");

let entry = new URL("../../main.ts", import.meta.url).href;

/**
 * Notes where the program began. `Deno.mainModule` will not do: for JSR it is what was typed,
 * perhaps without a version. A bundle needs this too, since its parts lie elsewhere than the sources.
 *
 * @param url `import.meta.url` of the entry module.
 */
export function registerEntry(url: string): void {
  entry = url;
}

/** The URL of the entry module. */
export function entryUrl(): string {
  return entry;
}
