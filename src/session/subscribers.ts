/**
 * Who wants to hear that something changed. One byte in a subscriber's FIFO means "look at the
 * files again"; the supervisor's end of the FIFO closing means that it is gone.
 *
 * @module
 */
import { C } from "../libc/constants.ts";
import { closeFd, openFd, writeFd } from "../libc/descriptors.ts";
import type { Poller } from "../pty/poller.ts";

const WAKE = new Uint8Array([10]);

/** The subscribers of one session. */
export class Subscribers {
  /** Each one's end of its FIFO, and what takes it off the poller. */
  readonly #fds = new Map<number, () => void>();

  /**
   * @param poller Tells when a reader has gone.
   * @param onLeave Is called then: readers that go may have a reason that concerns the session.
   */
  constructor(readonly poller: Poller, readonly onLeave: () => void) {}

  /** Adds the reader of a FIFO. Returns false when nobody reads it. */
  add(fifoPath: string): boolean {
    const fd = openFd(fifoPath, "write");
    if (fd < 0) return false;
    const unwatch = this.poller.watch({
      fd,
      wants: () => "end",
      onReady: () => {
        this.#drop(fd);
        this.onLeave();
      },
    });
    this.#fds.set(fd, unwatch);
    writeFd(fd, WAKE);
    return true;
  }

  /** Wakes everybody. One that has not read its last wake needs no second one. */
  wake(): void {
    for (const fd of this.#fds.keys()) {
      const count = writeFd(fd, WAKE);
      if (count < 0 && count !== -C.EAGAIN) this.#drop(fd);
    }
  }

  close(): void {
    for (const fd of this.#fds.keys()) this.#drop(fd);
  }

  #drop(fd: number): void {
    this.#fds.get(fd)?.();
    this.#fds.delete(fd);
    closeFd(fd);
  }
}
