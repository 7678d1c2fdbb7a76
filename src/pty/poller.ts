/**
 * One `poll()` over every descriptor that a process watches. It sleeps until something happens:
 * no timer, no thread per descriptor.
 *
 * @module
 */
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../libc/constants.ts";
import { type PollEntry, pollFds, pollFdsHere } from "../libc/descriptors.ts";

/** What one watcher waits for, and what it does then. */
export interface Watch {
  readonly fd: number;
  /** Asked before every sleep; "none" skips the descriptor this time, "end" waits for a hang-up. */
  readonly wants: () => "read" | "write" | "both" | "end" | "none";
  readonly onReady: (ready: Readiness) => void | Promise<void>;
}

/** What `poll()` said of one descriptor. */
export interface Readiness {
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly isHangUp: boolean;
}

const EVENTS = { read: POLLIN, write: POLLOUT, both: POLLIN | POLLOUT, end: 0 } as const;

/** How long an answer that is due may hold up the thread. */
const DUE_MS = 1;
/** After so long without a sleep the event loop gets its turn: timers, signals, files. */
const BUSY_MS = 10;

/** The event loop over descriptors. */
export class Poller {
  readonly #watches = new Set<Watch>();
  readonly #interrupt: () => void;
  #isRunning = false;
  #isAsleep = false;
  #isDue = false;
  #lastSleepMs = 0;

  /**
   * @param interrupt Makes one of the watched descriptors readable, so that a sleeping `poll()`
   *   returns and looks anew at what its watchers want.
   */
  constructor(interrupt: () => void) {
    this.#interrupt = interrupt;
  }

  /** Adds a watcher. Returns the function that takes it away again. */
  watch(watch: Watch): () => void {
    this.#watches.add(watch);
    this.wake();
    return () => void this.#watches.delete(watch);
  }

  /** Ends the present sleep, if there is one. */
  wake(): void {
    if (this.#isAsleep) this.#interrupt();
    this.#isAsleep = false;
  }

  /**
   * Tells that more is a moment away (a key's echo, the rest of a flood): the next sleep begins with
   * that moment on this thread, so that what comes need not wake it from another one.
   */
  expectAnswer(): void {
    this.#isDue = true;
  }

  /** Waits and calls watchers until `stop()`. */
  async run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isRunning) {
      const wanted = [...this.#watches].flatMap((watch) => {
        const wants = watch.wants();
        return wants === "none" ? [] : [{ watch, fd: watch.fd, events: EVENTS[wants] }];
      });
      const ready = this.#answerTo(wanted) ?? await this.#sleep(wanted);
      for (const [i, { watch }] of wanted.entries()) {
        const events = ready[i]!;
        if (events === 0 || !this.#watches.has(watch)) continue;
        await watch.onReady({
          isReadable: (events & POLLIN) !== 0,
          isWritable: (events & POLLOUT) !== 0,
          isHangUp: (events & (POLLHUP | POLLERR)) !== 0,
        });
      }
    }
  }

  /** What came within a moment, where something was due; once for each time it was told. */
  #answerTo(entries: readonly PollEntry[]): readonly number[] | undefined {
    if (!this.#isDue) return undefined;
    this.#isDue = false;
    if (performance.now() - this.#lastSleepMs > BUSY_MS) return undefined;
    const ready = pollFdsHere(entries, DUE_MS);
    return ready.some((events) => events !== 0) ? ready : undefined;
  }

  async #sleep(entries: readonly PollEntry[]): Promise<readonly number[]> {
    this.#isAsleep = true;
    const ready = await pollFds(entries, -1);
    this.#isAsleep = false;
    this.#lastSleepMs = performance.now();
    return ready;
  }

  /** Ends `run()`. */
  stop(): void {
    this.#isRunning = false;
    this.wake();
  }
}
