/**
 * The reading `sys-sessions`: each worker's id, state, exit code, and its flag's note while it lives.
 *
 * @module
 */
import type { Json } from "../base/canonical_json.ts";
import type { Session } from "../session/registry.ts";
import { isTornDown } from "./teardown.ts";

export { PULSE_ID, workersAmong } from "./workers_among.ts";

type Signals = { readonly [id: string]: Json };

/**
 * Makes the reading.
 *
 * Appearance, end and flag of a worker wake the loop. Its removal (TTL, prune) does not, nor does its
 * end when the foreground tore it down: such a worker keeps the signal of the last decided beat.
 *
 * @param last The signal at the last decided beat.
 */
export function sessionsReading(workers: readonly Session[], last: Json | undefined): Json {
  const before: Signals = isObject(last) ? last : {};
  const signal: Record<string, Json> = {};
  for (const worker of workers) {
    const { id } = worker;
    const isKept = !worker.isAlive && isTornDown(worker);
    if (!isKept) signal[id] = signalOf(worker);
    else if (Object.hasOwn(before, id)) signal[id] = before[id]!;
  }
  for (const [id, old] of Object.entries(before)) {
    if (!workers.some((worker) => worker.id === id)) signal[id] = old;
  }
  const detail = workers.map((worker) => ({
    id: worker.id,
    state: worker.state,
    alive: worker.isAlive,
    exit_code: worker.record.exit_code,
    started_at: new Date(worker.record.started_at).toISOString(),
  }));
  return { signal, detail };
}

function signalOf({ isAlive, state, record, flag }: Session): Json {
  const incarnation = record.incarnation.slice(0, 8);
  // `starting` and `running` are one state: alive.
  if (isAlive) return { incarnation, state: "alive", flag: flag ?? null };
  return { incarnation, state, exit_code: record.exit_code };
}

function isObject(value: Json | undefined): value is Signals {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
