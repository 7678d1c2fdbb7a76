/**
 * The error number of the last synchronous call. After a nonblocking call it lies in another
 * thread's memory and means nothing.
 *
 * Pointers travel as integers (`usize`): a scoped `--allow-ffi` forbids `Deno.UnsafePointer`.
 *
 * @module
 */
import { isDarwin } from "./constants.ts";
import { openLibc } from "./load.ts";

const LINUX = {
  location: { name: "__errno_location", parameters: [], result: "usize" },
  memcpy: { parameters: ["buffer", "usize", "usize"], result: "usize" },
} as const;

const DARWIN = {
  location: { name: "__error", parameters: [], result: "usize" },
  memcpy: { parameters: ["buffer", "usize", "usize"], result: "usize" },
} as const;

let library: ReturnType<typeof open> | undefined;
const word = new Int32Array(1);

function open() {
  return isDarwin ? openLibc(DARWIN) : openLibc(LINUX);
}

/** Returns `errno` of the synchronous call made just before. */
export function lastErrno(): number {
  const libc = (library ??= open()).symbols;
  const address = libc.location();
  libc.memcpy(word, BigInt(address), 4n);
  return word[0]!;
}

/** Opens the library ahead of time, so that a lookup cannot disturb the number it asks for. */
export function prepareErrno(): void {
  library ??= open();
}

/** Copies `length` bytes from a C address. */
export function copyFrom(address: bigint, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  (library ??= open()).symbols.memcpy(bytes, address, BigInt(length));
  return bytes;
}
