/**
 * File descriptors without waiting: open, read, write, poll. A failure is a negative errno, as the
 * kernel itself says it, because most of them (EAGAIN, EPIPE, ENXIO) are answers and no faults.
 *
 * @module
 */
import { C, O_RDONLY, O_RDWR, O_WRONLY } from "./constants.ts";
import { lastErrno, prepareErrno } from "./errno.ts";
import { cString, hasLibc, libcGroup } from "./load.ts";
import * as plain from "./plain_descriptors.ts";

const shared = {
  // Without O_CREAT open(2) reads no third argument, so that the variadic call is safe everywhere.
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
} as const;

const LINUX = {
  ...shared,
  mkfifo: { parameters: ["buffer", "u32"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
  pollHere: { name: "poll", parameters: ["buffer", "u64", "i32"], result: "i32" },
} as const;

// mode_t has 16 bits and nfds_t 32 there.
const DARWIN = {
  ...shared,
  mkfifo: { parameters: ["buffer", "u16"], result: "i32" },
  poll: { parameters: ["buffer", "u32", "i32"], result: "i32", nonblocking: true },
  pollHere: { name: "poll", parameters: ["buffer", "u32", "i32"], result: "i32" },
} as const;

const libc = libcGroup(LINUX, DARWIN, prepareErrno);

/** How a descriptor is opened; it never survives an exec and never becomes our terminal. */
export type OpenMode = "read" | "write" | "readwrite";

const ACCESS = { read: O_RDONLY, write: O_WRONLY, readwrite: O_RDWR } as const;

/**
 * Opens an existing file, FIFO or terminal without waiting.
 *
 * @returns The descriptor, or a negative errno (`-ENXIO`: a FIFO that nobody reads).
 */
export function openFd(path: string, mode: OpenMode): number {
  if (!hasLibc()) return plain.openFd(path, mode);
  const flags = ACCESS[mode] | C.O_NONBLOCK | C.O_NOCTTY | C.O_CLOEXEC;
  const fd = libc().open(cString(path), flags);
  return fd >= 0 ? fd : -lastErrno();
}

/** Closes a descriptor. */
export function closeFd(fd: number): void {
  if (!hasLibc()) return plain.closeFd(fd);
  libc().close(fd);
}

/** Reads what is there. Returns the count of bytes, 0 at the end, or a negative errno. */
export function readFd(fd: number, into: Uint8Array<ArrayBuffer>): number {
  if (!hasLibc()) return plain.readFd(fd, into);
  const count = Number(libc().read(fd, into, BigInt(into.byteLength)));
  return count >= 0 ? count : -lastErrno();
}

/** Writes what fits. Returns the count of bytes, or a negative errno. */
export function writeFd(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  if (!hasLibc()) return plain.writeFd(fd, bytes);
  const count = Number(libc().write(fd, bytes, BigInt(bytes.byteLength)));
  return count >= 0 ? count : -lastErrno();
}

/** Makes a FIFO that only its owner may use. Returns 0 or a negative errno. */
export function makeFifo(path: string): number {
  if (!hasLibc()) return plain.makeFifo(path);
  return libc().mkfifo(cString(path), 0o600) === 0 ? 0 : -lastErrno();
}

/** One descriptor to look at, and what for. */
export interface PollEntry {
  readonly fd: number;
  /** A union of POLLIN and POLLOUT. */
  readonly events: number;
}

// Before 2.7 a nonblocking call does not keep its buffer alive: this set does.
const heldBuffers = new Set<Uint8Array<ArrayBuffer>>();

/**
 * Waits, off the event loop, until one of the descriptors is ready.
 *
 * @param timeoutMs -1 waits without end.
 * @returns The events of each entry, in order; all 0 at the timeout or when a signal came between.
 */
export async function pollFds(
  entries: readonly PollEntry[],
  timeoutMs: number,
): Promise<readonly number[]> {
  if (!hasLibc()) return plain.pollFds(entries, timeoutMs);
  const { buffer, events } = pollTable(entries);
  heldBuffers.add(buffer);
  try {
    await libc().poll(buffer, BigInt(entries.length), Math.min(Math.ceil(timeoutMs), 0x7fffffff));
  } finally {
    heldBuffers.delete(buffer);
  }
  return events();
}

/**
 * Waits on this very thread, which spares the hand-over to another and back (about 0.1 ms). For an
 * answer that is due in a moment: meanwhile nothing else of the process runs.
 *
 * @param timeoutMs A few milliseconds.
 * @returns As `pollFds()`; all 0 where libc cannot be called.
 */
export function pollFdsHere(entries: readonly PollEntry[], timeoutMs: number): readonly number[] {
  if (!hasLibc()) return entries.map(() => 0);
  const { buffer, events } = pollTable(entries);
  libc().pollHere(buffer, BigInt(entries.length), Math.ceil(timeoutMs));
  return events();
}

/** Lays out `struct pollfd {int fd; short events, revents}` for each entry. */
function pollTable(entries: readonly PollEntry[]) {
  const buffer = new Uint8Array(entries.length * 8);
  const view = new DataView(buffer.buffer);
  entries.forEach(({ fd, events }, i) => {
    view.setInt32(i * 8, fd, true);
    view.setInt16(i * 8 + 4, events, true);
  });
  return { buffer, events: () => entries.map((_, i) => view.getInt16(i * 8 + 6, true)) };
}
