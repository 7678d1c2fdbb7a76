/**
 * Whole writes. Loaded at every start, so that it loads nothing itself.
 *
 * @module
 */

/** Writes every byte; a single write may take fewer than it is given. */
export function writeAllSync(
  file: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
