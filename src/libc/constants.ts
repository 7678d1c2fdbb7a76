/**
 * Numbers of each system's C headers, in one table per system.
 *
 * Linux: asm-generic and bits/ headers, the same on x86-64 and arm64 for everything listed here
 * (only O_DIRECTORY differs, which looop does not use). macOS: xnu bsd/sys/{fcntl,ttycom,spawn,
 * signal,poll,errno}.h, the same on x86-64 and arm64; untested on hardware.
 *
 * @module
 */

/** What differs between systems. */
export interface LibcConstants {
  /** fcntl.h */
  readonly O_NONBLOCK: number;
  readonly O_NOCTTY: number;
  readonly O_CLOEXEC: number;
  /** sys/ioctl.h: set and get the window size, bytes that wait to be read. */
  readonly TIOCSWINSZ: bigint;
  readonly TIOCGWINSZ: bigint;
  readonly FIONREAD: bigint;
  /** spawn.h: the child gets a session of its own. */
  readonly POSIX_SPAWN_SETSID: number;
  /** errno.h */
  readonly EAGAIN: number;
  /** signal.h */
  readonly SIGSTOP: number;
  readonly SIGCONT: number;
}

const LINUX: LibcConstants = {
  O_NONBLOCK: 0x800,
  O_NOCTTY: 0x100,
  O_CLOEXEC: 0x80000,
  TIOCSWINSZ: 0x5414n,
  TIOCGWINSZ: 0x5413n,
  FIONREAD: 0x541bn,
  POSIX_SPAWN_SETSID: 0x80,
  EAGAIN: 11,
  SIGSTOP: 19,
  SIGCONT: 18,
};

const DARWIN: LibcConstants = {
  O_NONBLOCK: 0x4,
  O_NOCTTY: 0x20000,
  O_CLOEXEC: 0x1000000,
  TIOCSWINSZ: 0x80087467n,
  TIOCGWINSZ: 0x40087468n,
  FIONREAD: 0x4004667fn,
  POSIX_SPAWN_SETSID: 0x400, // 0x80 means START_SUSPENDED there
  EAGAIN: 35,
  SIGSTOP: 17,
  SIGCONT: 19,
};

/** Whether this is macOS, where several calls need another road. */
export const isDarwin = Deno.build.os === "darwin";

/** The constants of this system. */
export const C: LibcConstants = isDarwin ? DARWIN : LINUX;

/** The same number on both systems (fcntl.h, poll.h, spawn.h, wait.h, errno.h, signal.h). */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const POLLIN = 0x1;
export const POLLOUT = 0x4;
export const POLLERR = 0x8;
export const POLLHUP = 0x10;
export const POSIX_SPAWN_SETSIGDEF = 4;
export const POSIX_SPAWN_SETSIGMASK = 8;
export const WNOHANG = 1;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const ENOENT = 2;
export const EPIPE = 32;
export const SIGHUP = 1;
export const SIGKILL = 9;
export const SIGTERM = 15;
