/**
 * `flock(2)` without waiting. Deno's own lock call can only wait (`tryLock` came after 2.5).
 *
 * @module
 */
import { cString, hasLibc, libcGroup } from "./load.ts";
import * as plain from "./plain_lock.ts";

const O_RDWR = 2; // the same on Linux and macOS
const O_CLOEXEC = Deno.build.os === "darwin" ? 0x1000000 : 0x80000; // fcntl.h of each system
const LOCK_SH = 1; // sys/file.h, the same on both
const LOCK_EX = 2;
const LOCK_NB = 4;

const symbols = {
  // Without O_CREAT open(2) reads no third argument, so that it is safe where variadic
  // arguments travel differently (Apple arm64).
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
} as const;

const libc = libcGroup(symbols);

/**
 * Takes the lock of an existing file.
 *
 * @returns The descriptor that holds the lock until it is closed or the process ends; -1 when
 *   another process holds it; -2 when the file cannot be opened.
 */
export function tryFlock(path: string, kind: "exclusive" | "shared"): number {
  if (!hasLibc()) return plain.tryFlock(path, kind);
  const fd = libc().open(cString(path), O_RDWR | O_CLOEXEC);
  if (fd < 0) return -2;
  if (libc().flock(fd, (kind === "exclusive" ? LOCK_EX : LOCK_SH) | LOCK_NB) === 0) return fd;
  libc().close(fd);
  return -1;
}

/** Closes a descriptor that `tryFlock()` returned, and with it its lock. */
export function closeFlock(fd: number): void {
  if (!hasLibc()) return plain.closeFlock(fd);
  libc().close(fd);
}
