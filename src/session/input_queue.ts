/**
 * What is typed into a session, in the order in which it came. A program that does not read stops
 * the queue and nothing else.
 *
 * @module
 */
import type { PtyProcess } from "../pty/pty_process.ts";

/** How far a piece of input got. */
export interface InputOutcome {
  /** Bytes that the program has read. */
  readonly taken: number;
  /** Bytes that were to be typed. */
  readonly total: number;
}

/** What counts as arrived: read by the program, or lying in the terminal's own queue. */
export type InputGoal = "read" | "written";

interface Entry {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly goal: InputGoal;
  readonly deadline: number;
  written: number;
  readonly settle: (taken: number) => void;
}

/** The most that one write offers where nobody counts what was read. */
const WRITE_BYTES = 65536;
/**
 * What a Linux terminal shows of its unread input (N_TTY_BUF_SIZE - 1). More than that lies in
 * buffers whose content cannot be asked for, so that no more is given at a time.
 */
const VISIBLE_BYTES = 4095;
/** A terminal passes input on a moment after it was written: only then can it be counted. */
const PASS_ON_MS = 2;

/** The input queue of one session. */
export class InputQueue {
  readonly #pty: PtyProcess;
  readonly #entries: Entry[] = [];
  /** Entries that are written and wait until the program has read them, oldest first. */
  readonly #unread: { readonly entry: Entry; endsAt: number }[] = [];
  #isFull = false;
  #writtenTotal = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookAgainMs = 1;
  #lastWrite = -Infinity;

  constructor(pty: PtyProcess) {
    this.#pty = pty;
  }

  /** Types bytes that nobody waits for: an answer to a query, a key of an attached terminal. */
  type(bytes: Uint8Array): void {
    void this.send(bytes, { goal: "written", timeoutMs: 60_000 });
  }

  /** Types bytes. What has not reached the terminal at the timeout is never typed. */
  send(
    bytes: Uint8Array,
    { goal, timeoutMs }: { readonly goal: InputGoal; readonly timeoutMs: number },
  ): Promise<InputOutcome> {
    return new Promise((resolve) => {
      this.#entries.push({
        bytes: new Uint8Array(bytes),
        goal,
        deadline: performance.now() + timeoutMs,
        written: 0,
        settle: (taken) => resolve({ taken, total: bytes.length }),
      });
      this.#advance();
    });
  }

  /** The terminal takes input again. */
  writable(): void {
    this.#isFull = false;
    this.#advance();
  }

  /** The program is gone: everybody who waits learns how far it got. */
  close(): void {
    clearTimeout(this.#timer);
    const lost = this.#pty.countUnread();
    for (const { entry, endsAt } of this.#unread.splice(0)) {
      entry.settle(takenOf(entry, endsAt, this.#writtenTotal - lost));
    }
    for (const entry of this.#entries.splice(0)) entry.settle(entry.written);
  }

  #advance(): void {
    while (!this.#isFull) {
      const entry = this.#entries[0];
      if (!entry) break;
      const room = entry.goal === "read" ? VISIBLE_BYTES - this.#unreadNow() : WRITE_BYTES;
      const rest = entry.bytes.subarray(entry.written, entry.written + Math.max(0, room));
      const count = rest.length === 0 ? 0 : this.#pty.write(rest);
      if (count > 0) {
        this.#writtenTotal += count;
        this.#lastWrite = performance.now();
        entry.written += count;
      }
      if (entry.written === entry.bytes.length) {
        this.#entries.shift();
        if (entry.goal === "written") entry.settle(entry.written);
        else this.#unread.push({ entry, endsAt: this.#writtenTotal });
      } else if (count < 0) {
        this.#entries.shift();
        entry.settle(entry.written);
      } else if (entry.goal === "read") {
        break; // The next look goes on.
      } else if (count === 0) {
        this.#isFull = true;
      }
    }
    this.#lookAgainMs = 1;
    this.#schedule();
  }

  #unreadNow(): number {
    const sinceWriteMs = performance.now() - this.#lastWrite;
    return sinceWriteMs < PASS_ON_MS ? VISIBLE_BYTES : this.#pty.countUnread();
  }

  /** Looks how much the program has read, soon at first and then less often, while anybody waits. */
  #look(): void {
    const unread = this.#unreadNow();
    const readTotal = this.#writtenTotal - unread;
    const now = performance.now();
    while (this.#unread.length > 0) {
      const { entry, endsAt } = this.#unread[0]!;
      if (endsAt > readTotal && now < entry.deadline) break;
      this.#unread.shift();
      entry.settle(takenOf(entry, endsAt, readTotal));
    }
    const late = this.#entries.findIndex((entry) => now >= entry.deadline);
    if (late >= 0) {
      const [entry] = this.#entries.splice(late, 1);
      entry!.settle(Math.max(0, entry!.written - (late === 0 ? unread : 0)));
    }
    const [first] = this.#entries;
    if (first?.goal === "read" && unread < VISIBLE_BYTES) return this.#advance();
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const waits = [...this.#entries, ...this.#unread.map(({ entry }) => entry)];
    if (waits.length === 0) return;
    const nextDeadline = Math.min(...waits.map(({ deadline }) => deadline)) - performance.now();
    const isCounting = waits.some(({ goal }) => goal === "read");
    const pause = isCounting ? Math.min(this.#lookAgainMs, nextDeadline) : nextDeadline;
    this.#lookAgainMs = Math.min(this.#lookAgainMs * 2, 50);
    this.#timer = setTimeout(() => this.#look(), Math.max(1, pause));
  }
}

/** How many of an entry's bytes lie before what the program has read of the whole stream. */
function takenOf(entry: Entry, endsAt: number, readTotal: number): number {
  return Math.min(entry.bytes.length, Math.max(0, entry.bytes.length - (endsAt - readTotal)));
}
