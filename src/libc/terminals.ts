/**
 * The libc calls that make a pseudo-terminal and ask it for things.
 *
 * @module
 */
import { C, isDarwin, O_RDWR, POLLIN } from "./constants.ts";
import { lastErrno, prepareErrno } from "./errno.ts";
import { libcGroup } from "./load.ts";

const shared = {
  posix_openpt: { parameters: ["i32"], result: "i32" },
  grantpt: { parameters: ["i32"], result: "i32" },
  unlockpt: { parameters: ["i32"], result: "i32" },
  // For a look only: it never waits.
  poll: { parameters: ["buffer", isDarwin ? "u32" : "u64", "i32"], result: "i32" },
  ptsname_r: { parameters: ["i32", "buffer", "usize"], result: "i32" },
} as const;

const LINUX = {
  ...shared,
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
} as const;

// ioctl(2) is variadic, and on Apple arm64 variadic arguments travel on the stack where an FFI call
// does not put them; __ioctl is the stub behind it with three plain arguments
// (xnu libsyscall/wrappers/ioctl.c).
const DARWIN = {
  ...shared,
  ioctl: { name: "__ioctl", parameters: ["i32", "u64", "buffer"], result: "i32" },
} as const;

const libc = libcGroup(LINUX, DARWIN, prepareErrno);

/** Opens a new master that never waits. Returns the descriptor or a negative errno. */
export function openMaster(): number {
  const fd = libc().posix_openpt(O_RDWR | C.O_NOCTTY | C.O_CLOEXEC | C.O_NONBLOCK);
  if (fd < 0) return -lastErrno();
  if (libc().grantpt(fd) !== 0 || libc().unlockpt(fd) !== 0) return -lastErrno();
  return fd;
}

/** Returns the path of the master's other end, or undefined where the system refuses it. */
export function slavePathOf(masterFd: number): string | undefined {
  const name = new Uint8Array(128);
  if (libc().ptsname_r(masterFd, name, BigInt(name.length)) !== 0) return undefined;
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

/** Sets a terminal's size (struct winsize: rows, columns, two unused). Returns 0 or -errno. */
export function setWindowSize(fd: number, cols: number, rows: number): number {
  const size = new Uint8Array(new Uint16Array([rows, cols, 0, 0]).buffer);
  return libc().ioctl(fd, C.TIOCSWINSZ, size) === 0 ? 0 : -lastErrno();
}

/** Returns how many bytes wait at a terminal's own side to be read, or a negative errno. */
export function countUnread(fd: number): number {
  // What was typed is passed on by a thread of the kernel, which on a busy machine takes its time;
  // asked for readiness, a terminal without input waits for it (n_tty_poll in Linux's n_tty.c).
  const entry = new DataView(new ArrayBuffer(8)); // struct pollfd {int fd; short events, revents}
  entry.setInt32(0, fd, true);
  entry.setInt16(4, POLLIN, true);
  libc().poll(new Uint8Array(entry.buffer), 1n, 0);
  const count = new Int32Array(1);
  const result = libc().ioctl(fd, C.FIONREAD, new Uint8Array(count.buffer));
  return result === 0 ? count[0]! : -lastErrno();
}
