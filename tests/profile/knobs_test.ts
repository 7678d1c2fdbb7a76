import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import {
  type Knob,
  knobEntries,
  parseKnob,
  resolveKnobs,
  WORD_KNOBS,
} from "../../src/profile/knobs.ts";

function resolve(env: Readonly<Record<string, string>>, config = {}) {
  return resolveKnobs((name) => env[name] || undefined, config);
}

Deno.test("resolveKnobs() takes the environment before the config before the default", () => {
  equal(resolve({}).values.intervalMs, 60_000);
  equal(resolve({}, { intervalMs: 5000 }).values.intervalMs, 5000);
  equal(resolve({ LOOOP_INTERVAL: "2m" }, { intervalMs: 5000 }).values.intervalMs, 120_000);
  equal(resolve({ LOOOP_INTERVAL: "" }).values.intervalMs, 60_000);
});

Deno.test("resolveKnobs() lets busy and active follow the interval", () => {
  const { values } = resolve({ LOOOP_INTERVAL: "10", LOOOP_ACTIVE_INTERVAL: "3" });
  deepEqual([values.busyIntervalMs, values.activeIntervalMs], [10_000, 3000]);
});

Deno.test("resolveKnobs() warns of a wrong value and falls back, but stops at a wrong limit", () => {
  const { values, warnings } = resolve({ LOOOP_INTERVAL: "soon", LOOOP_SENSOR_TIMEOUT: "0" });
  deepEqual([values.intervalMs, values.sensorTimeoutMs], [60_000, 60_000]);
  match(warnings[0]!, /LOOOP_INTERVAL="soon" is wrong: write a duration/);
  equal(warnings.length, 2);
  for (const name of ["LOOOP_MAX_DAILY_USD", "LOOOP_MAX_DECIDES_PER_HOUR", "LOOOP_MAX_WORKERS"]) {
    throws(() => resolve({ [name]: "-1" }), new RegExp(name));
  }
});

Deno.test("resolveKnobs() warns of a word that a knob does not know, and of no other", () => {
  const { warnings } = resolve({ LOOOP_COLOR: "purple", LOOOP_DEBUG: "yes", LOOOP_PTY: "libc" });
  deepEqual(warnings, [
    'LOOOP_COLOR="purple" is wrong: write one of always, never, auto; using the default',
    'LOOOP_DEBUG="yes" is wrong: write 1, or unset it; using the default',
  ]);
  for (const { env, words } of WORD_KNOBS) {
    for (const word of words) deepEqual(resolve({ [env]: word }).warnings, []);
  }
});

Deno.test("no knob lets the loop spin, and every default keeps its own bounds", () => {
  for (const [name, knob] of knobEntries() as readonly (readonly [string, Knob])[]) {
    if (name.endsWith("IntervalMs") || name === "intervalMs") ok(knob.min >= 1000, name);
    ok(knob.default === undefined || (knob.default >= knob.min && knob.default <= knob.max), name);
    ok(knob.help.length > 10);
  }
});

Deno.test("parseKnob() reads bytes with a suffix and refuses a count with one", () => {
  const bytes: Knob = { env: "B", kind: "bytes", default: 1, min: 0, max: 1e12, help: "" };
  equal(parseKnob(bytes, "64k"), 65_536);
  equal(parseKnob(bytes, "2M"), 2_097_152);
  throws(() => parseKnob({ ...bytes, kind: "count" }, "1k"), /whole number/);
});
