/**
 * Watches many sessions for nothing but their end, however it comes, without being woken by output.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import { closeFd, makeFifo, openFd } from "../libc/descriptors.ts";
import { pathsIn } from "./session_paths.ts";
import { writeLine } from "./subscription.ts";

/** One session that is watched. */
export interface EndWatch extends Disposable {
  /**
   * A descriptor to poll for no event at all: it hangs up when the supervisor is gone. Its bytes are
   * left unread on purpose; a full FIFO costs the supervisor nothing. Negative when there is nothing
   * to watch (any more).
   */
  readonly fd: number;
}

/** Starts to watch a session that is alive. */
export function watchEnd(dir: string): EndWatch {
  const name = `r-${crypto.randomUUID()}`;
  const fifo = join(dir, name);
  const isMade = makeFifo(fifo) === 0;
  const fd = isMade ? openFd(fifo, "read") : -1;
  const isAsked = fd >= 0 && writeLine(pathsIn(dir).control, { op: "subscribe", reply: name });
  let isOpen = fd >= 0;
  const close = () => {
    if (isOpen) closeFd(fd);
    if (isMade) removeIfThere(fifo);
    isOpen = false;
  };
  if (!isAsked) close();
  return { fd: isAsked ? fd : -1, [Symbol.dispose]: close };
}
