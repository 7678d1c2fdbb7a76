/**
 * The error number of the last synchronous call. After a nonblocking call it lies in another
 * thread's memory and means nothing.
 *
 * Pointers travel as integers (`usize`): a scoped `--allow-ffi` forbids `Deno.UnsafePointer`.
 *
 * @module
 */
import { libcGroup } from "./load.ts";

const LINUX = {
  location: { name: "__errno_location", parameters: [], result: "usize" },
  memcpy: { parameters: ["buffer", "usize", "usize"], result: "usize" },
} as const;

const DARWIN = {
  location: { name: "__error", parameters: [], result: "usize" },
  memcpy: { parameters: ["buffer", "usize", "usize"], result: "usize" },
} as const;

const libc = libcGroup(LINUX, DARWIN);
const word = new Int32Array(1);

/** Returns `errno` of the synchronous call made just before. */
export function lastErrno(): number {
  const { location, memcpy } = libc();
  memcpy(word, BigInt(location()), 4n);
  return word[0]!;
}

/** Opens the library ahead of time, so that a lookup cannot disturb the number it asks for. */
export function prepareErrno(): void {
  libc();
}

/** Copies `length` bytes from a C address. */
export function copyFrom(address: bigint, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  libc().memcpy(bytes, address, BigInt(length));
  return bytes;
}
