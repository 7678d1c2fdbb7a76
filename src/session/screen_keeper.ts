/**
 * Keeps a session's screen by reading its log, in large batches. Under a flood it lags on purpose,
 * so that the log gets the processor; whoever wants to see the screen waits until it has caught up.
 *
 * @module
 */
import { Screen } from "./screen.ts";
import type { ScreenModes, ScreenSnapshot } from "./screen_snapshot.ts";
import type { ScreenHost, ScreenKeeper } from "./supervisor_parts.ts";

/** One batch; @xterm/headless parses large batches many times faster than small ones. */
const BATCH_BYTES = 512 * 1024;
/** More than this unread is a flood. */
const FLOOD_BYTES = 256 * 1024;
/** A flood goes on while this much more comes between two looks. */
const GROWTH_BYTES = 64 * 1024;
/** How often it is looked whether a flood goes on. While it does, the screen takes no time at all. */
const LOOK_MS = 40;
/** Unless it is as far behind as this: then the log may soon lose what was not shown. */
const LAG_BYTES = 96 * 1024 * 1024;

/** Something that takes effect at an offset of the log. */
type Mark =
  | { readonly offset: number; readonly size: { readonly cols: number; readonly rows: number } }
  | { readonly offset: number; readonly isAttached: boolean };

interface Waiter {
  readonly offset: number;
  readonly resolve: () => void;
}

/** Makes the keeper of one session's screen. The emulator is loaded with the first output. */
export function createScreenKeeper(host: ScreenHost): LogScreenKeeper {
  return new LogScreenKeeper(host);
}

/** A screen that follows a log. */
export class LogScreenKeeper implements ScreenKeeper {
  readonly #host: ScreenHost;
  readonly #marks: Mark[] = [];
  #waiters: Waiter[] = [];
  #screen: Screen | undefined;
  /** The screen shows the log up to here. */
  #position: number;
  /** Whether somebody else's terminal answered the queries in the output at `#position`. */
  #isAttached = false;
  #isPumping = false;
  #isDisposed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ScreenHost) {
    this.#host = host;
    this.#position = host.startOffset;
  }

  grew(): void {
    if (this.#isPumping || this.#timer !== undefined || this.#isDisposed) return;
    const isFlood = this.#host.logEnd() - this.#position > FLOOD_BYTES;
    if (isFlood) this.#lookLater();
    else void this.#pump();
  }

  resized(cols: number, rows: number): void {
    this.#mark({ offset: this.#host.logEnd(), size: { cols, rows } });
  }

  attached(isAttached: boolean): void {
    this.#mark({ offset: this.#host.logEnd(), isAttached });
  }

  passed(offset: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ offset, resolve });
      void this.#pump();
    });
  }

  async modes(): Promise<ScreenModes> {
    return (await this.#upToDate()).modes();
  }

  async snapshot(): Promise<ScreenSnapshot> {
    return (await this.#upToDate()).snapshot(this.#position);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#screen?.dispose();
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  async #upToDate(): Promise<Screen> {
    await this.passed(this.#host.logEnd());
    return await this.#open();
  }

  async #open(): Promise<Screen> {
    return this.#screen ??= await Screen.create({
      ...this.#host.size,
      onAnswer: (text) => {
        if (!this.#isAttached) this.#host.answer(new TextEncoder().encode(text));
      },
    });
  }

  #mark(mark: Mark): void {
    this.#marks.push(mark);
    void this.#pump();
  }

  #lookLater(): void {
    const endBefore = this.#host.logEnd();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isFlood(endBefore)) this.#lookLater();
      else void this.#pump();
    }, LOOK_MS);
  }

  /** Tells whether the log grows too fast to be shown meanwhile, and may wait. */
  #isFlood(endBefore: number): boolean {
    const end = this.#host.logEnd();
    return end - endBefore > GROWTH_BYTES && end - this.#position < LAG_BYTES;
  }

  /** Shows the log up to its end, or until a flood begins that nobody wants to see. */
  async #pump(): Promise<void> {
    if (this.#isPumping || this.#isDisposed) return;
    this.#isPumping = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const screen = await this.#open();
    while (!this.#isDisposed) {
      this.#applyMarks(screen);
      this.#resolveWaiters();
      const until = this.#marks[0]?.offset ?? Infinity;
      // A large one is not kept: most of its life a session is idle.
      const unread = Math.min(until, this.#host.logEnd()) - this.#position;
      const room = new Uint8Array(Math.min(BATCH_BYTES, unread));
      const endBefore = this.#host.logEnd();
      const count = this.#host.readLog(this.#position, room);
      if (count === 0) {
        if (this.#host.logEnd() === this.#position) break;
        this.#position = this.#host.logEnd(); // The log has lost these bytes: nobody can show them.
        continue;
      }
      await screen.write(room.subarray(0, count));
      this.#position += count;
      this.#host.shown(this.#position);
      if (this.#waiters.length === 0 && this.#isFlood(endBefore)) {
        this.#lookLater();
        break;
      }
    }
    this.#isPumping = false;
    // What came while the last batch was shown, or was asked for meanwhile.
    if (this.#timer === undefined && this.#host.logEnd() > this.#position) this.grew();
  }

  #applyMarks(screen: Screen): void {
    for (let mark = this.#marks[0]; mark !== undefined; mark = this.#marks[0]) {
      if (mark.offset > this.#position) return;
      this.#marks.shift();
      if ("size" in mark) screen.resize(mark.size.cols, mark.size.rows);
      else this.#isAttached = mark.isAttached;
    }
  }

  #resolveWaiters(): void {
    const isMet = ({ offset }: Waiter) => offset <= this.#position;
    const met = this.#waiters.filter(isMet);
    this.#waiters = this.#waiters.filter((waiter) => !isMet(waiter));
    for (const { resolve } of met) resolve();
  }
}
