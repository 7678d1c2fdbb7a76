/**
 * Every knob of looop, once. The parser below, `looop help env` and the README read this table.
 *
 * @module
 */
import { parseDurationMs } from "../base/durations.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import type { Environment } from "./environment.ts";

/** How a knob's value is written. Durations are held in milliseconds inside. */
export type KnobKind = "duration" | "count" | "bytes" | "usd";

/** One row of the table. */
export interface Knob {
  readonly env: string;
  /** The same knob in `looop.json`; a duration there is in seconds or has a unit. */
  readonly configKey?: string;
  readonly kind: KnobKind;
  /** In the inner unit (ms, bytes, count, USD); undefined means no limit or "as `fallbackTo`". */
  readonly default: number | undefined;
  /** Takes another knob's value when it is not set itself. */
  readonly fallbackTo?: string;
  readonly min: number;
  readonly max: number;
  /** A limit on money or runaway: a wrong value stops instead of falling back. */
  readonly isLimit?: boolean;
  readonly help: string;
}

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const MIB = 1024 * 1024;

/** The table. An interval is at least 1 s, so that no setting makes the loop spin. */
export const KNOBS = {
  intervalMs: {
    env: "LOOOP_INTERVAL",
    configKey: "interval",
    kind: "duration",
    default: 60 * SECOND,
    min: SECOND,
    max: DAY,
    help: "time between beats while nothing happens",
  },
  busyIntervalMs: {
    env: "LOOOP_BUSY_INTERVAL",
    configKey: "busy_interval",
    kind: "duration",
    default: undefined,
    fallbackTo: "intervalMs",
    min: SECOND,
    max: DAY,
    help: "time to the next beat after a move",
  },
  activeIntervalMs: {
    env: "LOOOP_ACTIVE_INTERVAL",
    configKey: "active_interval",
    kind: "duration",
    default: undefined,
    fallbackTo: "intervalMs",
    min: SECOND,
    max: DAY,
    help: "time between beats while workers live",
  },
  sensorTimeoutMs: {
    env: "LOOOP_SENSOR_TIMEOUT",
    configKey: "sensor_timeout",
    kind: "duration",
    default: 60 * SECOND,
    min: 100,
    max: 3600 * SECOND,
    help: "time that one sensor may take",
  },
  sensorMaxBytes: {
    env: "LOOOP_SENSOR_MAX_BYTES",
    configKey: "sensor_max_bytes",
    kind: "bytes",
    default: 8192,
    min: 64,
    max: 16 * MIB,
    help: "bytes that one sensor may print",
  },
  tickTimeoutMs: {
    env: "LOOOP_TICK_TIMEOUT",
    configKey: "tick_timeout",
    kind: "duration",
    default: 1800 * SECOND,
    min: SECOND,
    max: DAY,
    help: "time that one run of the tick runner may take",
  },
  shellTimeoutMs: {
    env: "LOOOP_SHELL_TIMEOUT",
    configKey: "shell_timeout",
    kind: "duration",
    default: 300 * SECOND,
    min: SECOND,
    max: DAY,
    help: "time that one `run_shell` may take",
  },
  maxDecidesPerHour: {
    env: "LOOOP_MAX_DECIDES_PER_HOUR",
    configKey: "max_decides_per_hour",
    kind: "count",
    default: 120,
    min: 0,
    max: 100_000,
    isLimit: true,
    help: "LLM calls in a rolling hour; 0 is no limit",
  },
  maxWorkers: {
    env: "LOOOP_MAX_WORKERS",
    configKey: "max_workers",
    kind: "count",
    default: 8,
    min: 0,
    max: 10_000,
    isLimit: true,
    help: "live workers that `start_worker` may reach; 0 is no limit",
  },
  maxDailyUsd: {
    env: "LOOOP_MAX_DAILY_USD",
    configKey: "max_daily_usd",
    kind: "usd",
    default: undefined,
    min: 0,
    max: 1_000_000,
    isLimit: true,
    help: "metered spend after which no LLM is called until midnight; none is no limit",
  },
  maxNextIntervalMs: {
    env: "LOOOP_MAX_NEXT_INTERVAL",
    configKey: "max_next_interval",
    kind: "duration",
    default: 300 * SECOND,
    min: 5 * SECOND,
    max: DAY,
    help: "bound of the LLM's `next_interval_s`",
  },
  noopTtlMs: {
    env: "LOOOP_NOOP_TTL",
    configKey: "noop_ttl",
    kind: "duration",
    default: 21_600 * SECOND,
    min: 60 * SECOND,
    max: 365 * DAY,
    help: "time after which an unchanged world whose last move was a noop is decided again",
  },
  runsKeep: {
    env: "LOOOP_RUNS_KEEP",
    configKey: "runs_keep",
    kind: "count",
    default: 50,
    min: 1,
    max: 100_000,
    help: "folders kept under `runs/`",
  },
  sessionTtlMs: {
    env: "LOOOP_SESSION_TTL",
    configKey: "session_ttl",
    kind: "duration",
    default: 259_200 * SECOND,
    min: SECOND,
    max: 3650 * DAY,
    help: "time that a dead session's folder is kept",
  },
  sessionLogMaxBytes: {
    env: "LOOOP_SESSION_LOG_MAX",
    configKey: "session_log_max",
    kind: "bytes",
    default: 64 * MIB,
    min: 4096,
    max: 1024 * 1024 * MIB,
    help: "bytes of a session's log, after which its older half goes",
  },
} as const satisfies Record<string, Knob>;

/** One knob that takes one of a few words; whoever reads it takes any other value for none. */
export interface WordKnob {
  readonly env: string;
  readonly words: readonly string[];
  readonly help: string;
}

/** The knobs that are words, and stand in the environment alone. */
export const WORD_KNOBS: readonly WordKnob[] = [
  {
    env: "LOOOP_LOG_FORMAT",
    words: ["json"],
    help: "log lines as JSON objects, as with `looop --json`",
  },
  {
    env: "LOOOP_COLOR",
    words: ["always", "never", "auto"],
    help: "colour; auto means on a terminal, where NO_COLOR is not set",
  },
  {
    env: "LOOOP_PTY",
    words: ["libc", "script"],
    help: "how sessions get terminals; left out, script(1) stands in where libc cannot",
  },
  { env: "LOOOP_DEBUG", words: ["1"], help: "stack traces of errors" },
];

/** A knob's name in the code. */
export type KnobName = keyof typeof KNOBS;

/** All values, in inner units. `maxDailyUsd` is undefined where no cap is set. */
export type KnobValues =
  & { readonly [N in Exclude<KnobName, "maxDailyUsd">]: number }
  & { readonly maxDailyUsd: number | undefined };

/** What `resolveKnobs()` found. */
export interface ResolvedKnobs {
  readonly values: KnobValues;
  /** Wrong values in the environment that gave way to the default, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Settles every knob: environment before config before default.
 *
 * @param config Values that the config names, already in inner units.
 * @throws {LooopError} When the environment holds a wrong value for a limit.
 */
export function resolveKnobs(
  env: Environment,
  config: Partial<Record<KnobName, number>> = {},
): ResolvedKnobs {
  const warnings: string[] = [];
  const own: Partial<Record<KnobName, number>> = {};
  for (const [name, knob] of knobEntries()) {
    const text = env(knob.env);
    let value = config[name];
    if (text !== undefined) {
      try {
        value = parseKnob(knob, text);
      } catch (error) {
        const problem = `${knob.env}="${text}" is wrong: ${messageOf(error)}`;
        if (knob.isLimit) {
          throw new LooopError(problem, { hint: "mend or unset it: a limit is never guessed" });
        }
        warnings.push(`${problem}; using ${value === undefined ? "the default" : "the config"}`);
      }
    }
    value ??= knob.default;
    if (value !== undefined) own[name] = value;
  }
  for (const { env: variable, words } of WORD_KNOBS) {
    const text = env(variable);
    if (text === undefined || words.includes(text)) continue;
    const right = words.length === 1 ? `${words[0]}, or unset it` : `one of ${words.join(", ")}`;
    warnings.push(`${variable}="${text}" is wrong: write ${right}; using the default`);
  }
  for (const [name, knob] of knobEntries()) {
    const other = knob.fallbackTo as KnobName | undefined;
    const value = other && own[other];
    if (own[name] === undefined && value !== undefined) own[name] = value;
  }
  return { values: own as KnobValues, warnings };
}

/** Lists the table's rows with their names. */
export function knobEntries(): readonly (readonly [KnobName, Knob])[] {
  return Object.entries(KNOBS) as [KnobName, Knob][];
}

/**
 * Reads one value of a knob and checks its bounds.
 *
 * @returns The value in the knob's inner unit.
 * @throws {LooopError} With what would be right.
 */
export function parseKnob(knob: Knob, text: string): number {
  const value = readNumber(knob.kind, text.trim());
  if (value >= knob.min && value <= knob.max) return value;
  throw new LooopError(`write ${describeRange(knob)}`);
}

function readNumber(kind: KnobKind, text: string): number {
  if (kind === "duration") {
    try {
      return parseDurationMs(text);
    } catch {
      return NaN; // The caller says what would be right, with the knob's own bounds.
    }
  }
  if (kind === "usd") return /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const [, digits, unit = ""] = /^(\d+)(k|m|g)?$/i.exec(text) ?? [];
  if (kind === "count" && unit !== "") return NaN;
  return Number(digits) * 1024 ** ["", "k", "m", "g"].indexOf(unit.toLowerCase());
}

/** Says what a knob takes: "a duration from 1s to 1d", "a whole number from 0 to 100000". */
export function describeRange(knob: Knob): string {
  const range = `from ${formatKnob(knob, knob.min)} to ${formatKnob(knob, knob.max)}`;
  const form = {
    duration: "a duration such as 30s, 5m, 2h",
    count: "a whole number",
    bytes: "a number of bytes such as 8192, 64k, 16m",
    usd: "an amount in US dollars such as 5 or 2.50",
  }[knob.kind];
  return `${form} ${range}`;
}

/** Writes a value the way a person would set it. */
export function formatKnob(knob: Knob, value: number | undefined): string {
  if (value === undefined) {
    return knob.fallbackTo ? `=${KNOBS[knob.fallbackTo as KnobName].env}` : "none";
  }
  if (knob.kind === "duration") return value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`;
  if (knob.kind === "bytes" && value >= MIB && value % MIB === 0) return `${value / MIB}m`;
  return String(value);
}
