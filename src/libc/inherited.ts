/**
 * Descriptors that came with the process: a script's lock (`exec 9>lock; flock 9`) or pipe, which a
 * process that outlives the script must not hold open.
 *
 * @module
 */
import { hasLibc, libcGroup } from "./load.ts";

const F_GETFD = 1; // fcntl.h, the same on Linux and macOS
const FD_CLOEXEC = 1;
const FIRST = 3;
/** Shells and scripts number their own from 3 up, or below 256. */
const LAST = 1023;

const libc = libcGroup({
  // With F_GETFD fcntl(2) reads no third argument, so that the variadic call is safe everywhere.
  fcntl: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
});

/**
 * Closes what was inherited besides the standard three. What Deno opened itself ends at an exec, and
 * what came through one does not: by that they are told apart.
 */
export function closeInheritedFds(): void {
  if (!hasLibc()) return;
  const { fcntl, close } = libc();
  for (let fd = FIRST; fd <= LAST; fd++) {
    const flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) === 0) close(fd);
  }
}
