import { equal } from "node:assert/strict";
import { formatBeat, formatClock, formatMoment, formatSpan } from "../../src/cli/near_time.ts";

const NOW = new Date(2026, 10, 21, 10, 37, 55);
const at = (day: number, ...time: readonly [h: number, m: number, s?: number]) =>
  new Date(2026, 10, day, ...time).toISOString();

Deno.test("formatSpan() tells seconds below ten minutes", () => {
  equal(formatSpan(-5), "0s");
  equal(formatSpan(42_000), "42s");
  equal(formatSpan(240_000), "4m");
  equal(formatSpan(250_400), "4m 10s");
  equal(formatSpan(599_999), "10m");
  equal(formatSpan(7_500_000), "2h05m");
});

Deno.test("formatMoment() tells seconds where they are near, and the day where it is another", () => {
  equal(formatMoment(at(21, 10, 42, 5), NOW), "in 4m 10s, at 10:42:05");
  equal(formatMoment(at(21, 15, 30), NOW), "at 15:30");
  equal(formatMoment(at(22, 0, 0), NOW), "at midnight");
  equal(formatMoment(at(22, 0, 1), NOW), "at 2026-11-22 00:01");
  equal(formatMoment(at(21, 10, 37, 55), NOW), "now");
  equal(formatClock(at(21, 10, 30, 1), NOW), "10:30:01");
});

Deno.test("formatBeat() tells of a pulse that should have beaten long ago", () => {
  equal(formatBeat(at(21, 10, 38, 0), 7, NOW), "in 5s, at 10:38:00");
  equal(formatBeat(at(21, 10, 37, 52), 7, NOW), "now");
  equal(
    formatBeat(at(21, 10, 37, 38), 7, NOW),
    "overdue by 17s: pid 7 does not beat; was it stopped? `kill -CONT 7` lets it go on",
  );
  equal(
    formatBeat(at(21, 10, 27, 55), null, NOW),
    "overdue by 10m: the pulse does not beat; was it stopped?",
  );
});
