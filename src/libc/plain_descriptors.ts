/**
 * What descriptors.ts does, without foreign calls: FIFOs by the program `mkfifo`, descriptors by
 * node:fs, which passes O_NONBLOCK on, and in place of poll(2) a look now and then. A FIFO that was
 * opened for both directions is waited for by a pending read instead, so that whoever keeps one
 * open for hours is not woken all the time.
 *
 * @module
 */
import { C, EIO, EPIPE, O_RDONLY, O_RDWR, O_WRONLY, POLLHUP, POLLIN } from "./constants.ts";
import { EINTR, ENOENT, ENXIO } from "./constants.ts";
import type { OpenMode, PollEntry } from "./descriptors.ts";

/** The part of node:fs that is used; loaded when it is needed, as it costs time at each start. */
interface NodeFs {
  openSync(path: string, flags: number): number;
  closeSync(fd: number): void;
  readSync(fd: number, into: Uint8Array): number;
  writeSync(fd: number, bytes: Uint8Array): number;
}

/** One open descriptor. */
interface Open {
  readonly path: string;
  readonly mode: OpenMode;
  /** Bytes that a look at the descriptor has read already. */
  ahead: Uint8Array<ArrayBuffer>;
  /** No end is told before there was a writer: then it is only early. */
  hadWriter: boolean;
  /** The read that is under way, in a handle of its own. */
  pending: Promise<void> | undefined;
  isClosed: boolean;
}

const ACCESS = { read: O_RDONLY, write: O_WRONLY, readwrite: O_RDWR } as const;
const NUMBERS: Readonly<Record<string, number>> = {
  EAGAIN: C.EAGAIN,
  EINTR,
  ENOENT,
  ENXIO,
  EPIPE,
};
const LOOK_BYTES = 65536;
/** Pauses between two looks: short at first, for what answers at once. */
const FIRST_PAUSE_MS = 1;
const LAST_PAUSE_MS = 20;

const opened = new Map<number, Open>();
let loadedFs: NodeFs | undefined;

function nodeFs(): NodeFs {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule(name: "node:fs"): NodeFs };
  };
  return (loadedFs ??= process.getBuiltinModule("node:fs"));
}

/** Returns what a call gives, or its negative errno. */
function numbered(call: () => number): number {
  try {
    return call();
  } catch (error) {
    const { code = "" } = error as { readonly code?: string };
    return -(NUMBERS[code] ?? EIO);
  }
}

/** See descriptors.ts. */
export function openFd(path: string, mode: OpenMode): number {
  const flags = ACCESS[mode] | C.O_NONBLOCK | C.O_NOCTTY;
  const fd = numbered(() => nodeFs().openSync(path, flags));
  if (fd < 0) return fd;
  const nothing = new Uint8Array();
  const fresh = { ahead: nothing, hadWriter: false, pending: undefined, isClosed: false };
  opened.set(fd, { path, mode, ...fresh });
  return fd;
}

/** See descriptors.ts. */
export function closeFd(fd: number): void {
  const entry = opened.get(fd);
  if (entry === undefined) return;
  opened.delete(fd);
  entry.isClosed = true;
  // A byte of our own ends the read that is under way, and with it the hold on a thread.
  if (entry.pending) numbered(() => nodeFs().writeSync(fd, new Uint8Array([10])));
  nodeFs().closeSync(fd);
}

/** See descriptors.ts. */
export function readFd(fd: number, into: Uint8Array<ArrayBuffer>): number {
  const entry = opened.get(fd);
  if (entry === undefined || entry.ahead.length === 0) {
    return numbered(() => nodeFs().readSync(fd, into));
  }
  const part = entry.ahead.subarray(0, into.length);
  into.set(part);
  entry.ahead = entry.ahead.subarray(part.length);
  return part.length;
}

/** See descriptors.ts. */
export function writeFd(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  return bytes.length === 0 ? 0 : numbered(() => nodeFs().writeSync(fd, bytes));
}

/** See descriptors.ts. */
export function makeFifo(path: string): number {
  const made = new Deno.Command("mkfifo", { args: ["-m", "600", path], stderr: "null" });
  return numbered(() => made.outputSync().success ? 0 : -EIO);
}

/** See descriptors.ts. Room to write is never waited for: it is a matter of trying. */
export async function pollFds(
  entries: readonly PollEntry[],
  timeoutMs: number,
): Promise<readonly number[]> {
  const deadline = timeoutMs < 0 ? Infinity : performance.now() + timeoutMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const events = entries.map(look);
    const leftMs = deadline - performance.now();
    if (events.some((event) => event !== 0) || leftMs <= 0) return events;
    // That a reader has gone shows only when something is written: it is not asked again and again.
    const waits = entries.map(({ fd, events }) => ({ entry: opened.get(fd), events }))
      .filter(({ entry, events }) => entry?.mode !== "write" || events !== 0)
      .map(({ entry }) => entry);
    const isQuiet = waits.length > 0 && waits.every((entry) => entry?.mode === "readwrite");
    await pause(isQuiet ? leftMs : Math.min(leftMs, pauseMs), isQuiet ? waits.map(readAhead) : []);
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  }
}

/** Looks at one descriptor. What is read on the way is kept, unless only its end is asked for. */
function look({ fd, events }: PollEntry): number {
  const entry = opened.get(fd);
  if (entry === undefined || entry.mode === "write") return 0;
  const isWanted = (events & POLLIN) !== 0;
  if (isWanted && entry.ahead.length > 0) return POLLIN;
  const buffer = new Uint8Array(LOOK_BYTES);
  const count = numbered(() => nodeFs().readSync(fd, buffer));
  if (count !== 0) entry.hadWriter = true;
  if (count > 0 && isWanted) {
    entry.ahead = buffer.slice(0, count);
    return POLLIN;
  }
  return count === 0 && entry.hadWriter ? POLLHUP : 0;
}

/** Waits in the background for the next bytes of a FIFO that has always a writer: ourselves. */
function readAhead(entry: Open | undefined): Promise<void> {
  if (entry === undefined) return Promise.resolve();
  return (entry.pending ??= (async () => {
    using file = await Deno.open(entry.path, { read: true, write: true });
    const buffer = new Uint8Array(LOOK_BYTES);
    const count = entry.isClosed ? 0 : await file.read(buffer) ?? 0;
    const both = new Uint8Array(entry.ahead.length + count);
    both.set(entry.ahead);
    both.set(buffer.subarray(0, count), entry.ahead.length);
    entry.ahead = both;
  })().catch(() => {
    // The FIFO was removed: its owner finds out by itself.
  }).finally(() => entry.pending = undefined));
}

async function pause(ms: number, wakes: readonly Promise<void>[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    if (ms !== Infinity) timer = setTimeout(resolve, ms);
  });
  await Promise.race([late, ...wakes]);
  clearTimeout(timer);
}
