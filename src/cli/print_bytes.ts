/**
 * Bytes to standard output, as they are.
 *
 * @module
 */
import { ClosedPipe } from "./context.ts";
import { writeAllSync } from "../base/write_all.ts";

/**
 * Writes bytes to standard output.
 *
 * @throws {ClosedPipe} When nobody reads it any more.
 */
export function printBytes(bytes: Uint8Array): void {
  try {
    writeAllSync(Deno.stdout, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw new ClosedPipe();
    throw error;
  }
}
