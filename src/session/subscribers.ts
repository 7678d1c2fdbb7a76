/**
 * Who wants to hear that something changed. One byte in a subscriber's FIFO means "look at the
 * files again"; the supervisor's end of the FIFO closing means that it is gone.
 *
 * @module
 */
import { C } from "../libc/constants.ts";
import { closeFd, openFd, writeFd } from "../libc/descriptors.ts";

const WAKE = new Uint8Array([10]);

/** The subscribers of one session. */
export class Subscribers {
  readonly #fds = new Set<number>();

  /** Adds the reader of a FIFO. Returns false when nobody reads it. */
  add(fifoPath: string): boolean {
    const fd = openFd(fifoPath, "write");
    if (fd < 0) return false;
    this.#fds.add(fd);
    writeFd(fd, WAKE);
    return true;
  }

  /** Wakes everybody. One that has not read its last wake needs no second one. */
  wake(): void {
    for (const fd of this.#fds) {
      const count = writeFd(fd, WAKE);
      if (count >= 0 || count === -C.EAGAIN) continue;
      closeFd(fd);
      this.#fds.delete(fd);
    }
  }

  close(): void {
    for (const fd of this.#fds) closeFd(fd);
    this.#fds.clear();
  }
}
