/**
 * Keeps a person's view of the events short: what each beat says again is told at growing distances,
 * with a count. Events themselves are kept whole; this is for lines alone.
 *
 * @module
 */
import type { EventName, LogEvent } from "./events.ts";

/** What a beat says of how things stand; everything else tells of something that happened. */
const STANDING: readonly EventName[] = ["unchanged", "held", "sensor_failed", "warning"];
/** With these a beat that changes nothing ends. */
const ENDS: readonly EventName[] = ["unchanged", "held"];

/** The first repetition is told after this, each later one after twice the time, up to an hour. */
const FIRST_GAP_MS = 60_000;
const MAX_GAP_MS = 3_600_000;

/** A line that has been told and may come again. */
interface Told {
  /** When it was first told, as text: `10:42:05`. */
  readonly since: string;
  /** Times that it came so far, the first included. */
  times: number;
  lastToldMs: number;
  gapMs: number;
  isInThisBeat: boolean;
}

/** Remembers what was told. Give it every event that a person would see, in order. */
export class RepeatFold {
  readonly #told = new Map<string, Told>();

  /**
   * Says how to tell an event: as it is, with the times that it came so far, or not at all.
   *
   * @returns The event to show; undefined for one to be passed over.
   */
  fold(event: LogEvent): LogEvent | undefined {
    if (!STANDING.includes(event.event)) {
      // Behind news people want to hear once more how things stand.
      this.#told.clear();
      return event;
    }
    const shown = this.#tell(event);
    if (ENDS.includes(event.event)) this.#forgetWhatEnded();
    return shown;
  }

  #tell(event: LogEvent): LogEvent | undefined {
    const key = `${event.event} ${event.msg}`;
    const nowMs = Date.parse(event.ts);
    const told = this.#told.get(key);
    if (told === undefined) {
      const since = new Date(nowMs).toTimeString().slice(0, "HH:MM:SS".length);
      this.#told.set(key, {
        since,
        times: 1,
        lastToldMs: nowMs,
        gapMs: FIRST_GAP_MS,
        isInThisBeat: true,
      });
      return event;
    }
    told.isInThisBeat = true;
    told.times++;
    const passedMs = nowMs - told.lastToldMs;
    // A clock that was set back must not silence it for longer than the gap.
    if (passedMs >= 0 && passedMs < told.gapMs) return undefined;
    told.lastToldMs = nowMs;
    told.gapMs = Math.min(told.gapMs * 2, MAX_GAP_MS);
    return { ...event, msg: `${event.msg} (${told.times} times since ${told.since})` };
  }

  /** What this beat did not say again is over: should it come back, that is news. */
  #forgetWhatEnded(): void {
    for (const [key, told] of this.#told) {
      if (told.isInThisBeat) told.isInThisBeat = false;
      else this.#told.delete(key);
    }
  }
}
