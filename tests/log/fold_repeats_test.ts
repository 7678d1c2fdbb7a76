import { deepEqual } from "node:assert/strict";
import { RepeatFold } from "../../src/log/fold_repeats.ts";
import { type EventName, makeEvent } from "../../src/log/events.ts";

/** Start of the tests' time, local. */
const START = new Date(2026, 10, 21, 10, 0, 0).getTime();

/** Tells events, each so many seconds after the start, and returns what is shown as `second: message`. */
function tell(
  events: readonly (readonly [second: number, event: EventName, msg: string])[],
): readonly string[] {
  const repeats = new RepeatFold();
  return events.flatMap(([second, event, msg]) => {
    const now = new Date(START + second * 1000);
    const shown = repeats.fold(makeEvent(event, msg, { now }));
    return shown ? [`${second}: ${shown.msg}`] : [];
  });
}

Deno.test("RepeatFold tells what repeats at growing distances, with a count, an hour at most", () => {
  const seconds = Array.from({ length: 4 * 3600 }, (_, second) => second);
  const shown = tell(seconds.map((second) => [second, "unchanged", "calm"]));
  deepEqual(shown.slice(0, 4), [
    "0: calm",
    "60: calm (61 times since 10:00:00)",
    "180: calm (181 times since 10:00:00)",
    "420: calm (421 times since 10:00:00)",
  ]);
  const times = shown.map((line) => Number.parseInt(line));
  deepEqual(times.slice(-2).map((at, i) => at - times.at(-3 + i)!), [3600, 3600]);
});

Deno.test("RepeatFold tells a sensor's failure once, though each beat says more than that", () => {
  const beats = [0, 1, 2, 3].flatMap((second) =>
    [
      [second, "sensor_failed", "a: exit 1"],
      [second, "sensor_failed", "b: no JSON"],
      [second, "unchanged", "calm"],
    ] as const
  );
  deepEqual(tell(beats), ["0: a: exit 1", "0: b: no JSON", "0: calm"]);
});

Deno.test("RepeatFold tells anew what came back, what differs, and how things stand behind news", () => {
  deepEqual(
    tell([
      [0, "sensor_failed", "a: exit 1"],
      [0, "unchanged", "calm"],
      [1, "unchanged", "calm"],
      [2, "sensor_failed", "a: exit 1"],
      [2, "unchanged", "calm"],
      [3, "sensor_failed", "a: exit 2"],
      [3, "unchanged", "calm"],
      [4, "held", "budget: spent"],
      [5, "held", "budget: spent"],
      [6, "unchanged", "calm"],
      [7, "acted", "noop: x"],
      [8, "acted", "noop: x"],
      [9, "unchanged", "calm"],
    ]),
    [
      "0: a: exit 1",
      "0: calm",
      "2: a: exit 1",
      "3: a: exit 2",
      "4: budget: spent",
      "6: calm",
      "7: noop: x",
      "8: noop: x",
      "9: calm",
    ],
  );
});

Deno.test("RepeatFold goes on telling when the clock is set back", () => {
  deepEqual(
    tell([[7200, "unchanged", "calm"], [0, "unchanged", "calm"], [1, "unchanged", "calm"]]),
    [
      "7200: calm",
      "0: calm (2 times since 12:00:00)",
    ],
  );
});
