import { equal } from "node:assert/strict";
import { formatClock, formatMoment, formatSpan } from "../../src/cli/near_time.ts";

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
