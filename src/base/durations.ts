/**
 * Durations as people type them ("90s", "5m"); plain milliseconds inside.
 *
 * @module
 */
import { UsageError } from "./errors.ts";

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads one duration.
 *
 * @param text A number and a unit: `ms`, `s`, `m`, `h`, `d`; a bare number is seconds.
 * @returns Milliseconds, 0 or more.
 * @throws {UsageError} When `text` has another form (exit code 2).
 */
export function parseDurationMs(text: string): number {
  const [, digits, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim()) ?? [];
  const ms = Number(digits) * (MS_PER_UNIT[unit] ?? NaN);
  if (Number.isFinite(ms)) return Math.round(ms);
  throw new UsageError(`Cannot read duration "${text}"`, "Write 500ms, 30s, 5m, 2h or 3d");
}

/** Writes milliseconds the way a person says them: `850ms`, `12s`, `3m`, `2h05m`, `4d`. */
export function formatDurationMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest === 0 ? `${hours}h` : `${hours}h${String(rest).padStart(2, "0")}m`;
  }
  return `${Math.floor(hours / 24)}d`;
}
