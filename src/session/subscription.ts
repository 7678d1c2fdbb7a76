/**
 * Waits for a session to change without asking again and again.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import { isLocked } from "../base/file_lock.ts";
import { POLLHUP, POLLIN } from "../libc/constants.ts";
import { closeFd, makeFifo, openFd, pollFds, readFd, writeFd } from "../libc/descriptors.ts";
import { pathsIn } from "./session_paths.ts";

/** A safety net only: what a subscriber looks at even when nobody woke it. */
const NET_MS = 1000;

/** What woke a subscriber: look at the files again, the supervisor is gone, or time is up. */
export type Wake = "changed" | "ended" | "timeout";

/** A subscription to one session's changes. */
export interface Subscription extends Disposable {
  /**
   * Waits for the next change since the last call; the first call returns at once.
   *
   * @param deadline On the clock of `performance.now()`; `Infinity` waits without end.
   */
  changed(deadline?: number): Promise<Wake>;
}

/** Subscribes to a session. One whose supervisor is gone wakes its subscriber with "ended". */
export function subscribe(dir: string): Subscription {
  const paths = pathsIn(dir);
  const name = `r-${crypto.randomUUID()}`;
  const fifo = join(dir, name);
  const isMade = makeFifo(fifo) === 0;
  const fd = isMade ? openFd(fifo, "read") : -1;
  const isAsked = fd >= 0 && writeLine(paths.control, { op: "subscribe", reply: name });
  const buffer = new Uint8Array(4096);
  let isFirst = true;
  const isGone = () => !isLocked(paths.lock);
  return {
    async changed(deadline = Infinity) {
      if (isFirst) {
        isFirst = false;
        return "changed";
      }
      if (!isAsked && isGone()) return "ended";
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return "timeout";
      const [events = 0] = fd < 0
        ? await pollFds([], Math.min(leftMs, 50))
        : await pollFds([{ fd, events: POLLIN }], Math.min(leftMs, NET_MS));
      if (events & POLLIN) { while (readFd(fd, buffer) === buffer.length); }
      else if ((events & POLLHUP) !== 0 || isGone()) return "ended";
      return "changed";
    },
    [Symbol.dispose]() {
      if (fd >= 0) closeFd(fd);
      if (isMade) removeIfThere(fifo);
    },
  };
}

/** Writes one request line to a control FIFO. Returns false when nobody reads it. */
export function writeLine(control: string, request: Readonly<Record<string, unknown>>): boolean {
  const fd = openFd(control, "write");
  if (fd < 0) return false;
  try {
    const line = new TextEncoder().encode(JSON.stringify(request) + "\n");
    return writeFd(fd, line) === line.length;
  } finally {
    closeFd(fd);
  }
}
