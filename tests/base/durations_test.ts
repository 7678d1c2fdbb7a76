import { equal, throws } from "node:assert/strict";
import { formatDurationMs, parseDurationMs } from "../../src/base/durations.ts";
import { UsageError } from "../../src/base/errors.ts";

Deno.test("parseDurationMs() reads every unit, and a bare number as seconds", () => {
  const table = { "500ms": 500, "30s": 30_000, "5m": 300_000, "2h": 7_200_000, "3d": 259_200_000 };
  for (const [text, ms] of Object.entries(table)) equal(parseDurationMs(text), ms);
  equal(parseDurationMs("1.5"), 1500);
});

Deno.test("parseDurationMs() refuses a unit that it does not know and says what to write", () => {
  throws(
    () => parseDurationMs("30 parsecs"),
    (error: unknown) =>
      error instanceof UsageError && error.exitCode === 2 && error.hint.includes("30s"),
  );
});

Deno.test("formatDurationMs() keeps one or two units", () => {
  equal(formatDurationMs(850), "850ms");
  equal(formatDurationMs(119_000), "119s");
  equal(formatDurationMs(7_500_000), "2h05m");
  equal(formatDurationMs(5 * 86_400_000), "5d");
});
