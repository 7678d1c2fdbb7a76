/**
 * Takes measurements: both sides in turn, a warm-up before, medians with their spread after.
 *
 * @module
 */

/** Measurements of one thing. */
export interface Sample {
  readonly values: readonly number[];
  readonly median: number;
  readonly quartiles: readonly [number, number];
  readonly p99: number;
}

/** Describes measurements; there must be at least one. */
export function sampleOf(values: readonly number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    values,
    median: quantile(sorted, 0.5),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    p99: quantile(sorted, 0.99),
  };
}

/**
 * Measures several sides in turn, so that whatever else the machine does meets all of them alike.
 * Every other round goes backwards.
 *
 * @param sides Each returns one measurement.
 */
export async function interleave<Side extends string>(
  sides: Readonly<Record<Side, () => number | Promise<number>>>,
  { times, warmUp = 2 }: { readonly times: number; readonly warmUp?: number },
): Promise<Readonly<Record<Side, Sample>>> {
  const names = Object.keys(sides) as Side[];
  const values = new Map<Side, number[]>(names.map((name) => [name, []]));
  for (let round = -warmUp; round < times; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await sides[name]();
      if (round >= 0) values.get(name)!.push(value);
    }
  }
  return Object.fromEntries(names.map((name) => [name, sampleOf(values.get(name)!)])) as Record<
    Side,
    Sample
  >;
}

/** The value below which a share of all lies; between two values, the one between. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Sleeps without giving the thread away, so that what follows is not behind a queue. */
export function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Waits by looking again and again. @returns Milliseconds since the epoch, with fractions. */
export function waitUntil(
  what: string,
  holds: () => boolean,
  { everyMs = 1, limitMs = 30_000 }: { readonly everyMs?: number; readonly limitMs?: number } = {},
): number {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    sleepSync(everyMs);
  }
  return wallMs();
}

/** The wall clock with fractions of a millisecond. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Lets other tasks of this process run. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
