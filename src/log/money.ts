/**
 * Money as whole micro-dollars (a millionth of a dollar), so that sums are exact in any order. Each
 * amount is rounded once, where it comes in.
 *
 * @module
 */

const MICROS_PER_USD = 1_000_000;

/** The largest amount that one line of the ledger may name; more is a mistake. */
export const MAX_COST_USD = 1_000_000;

/** Turns dollars into whole micro-dollars. */
export function toMicroUsd(usd: number): number {
  return Math.round(usd * MICROS_PER_USD);
}

/** Turns micro-dollars into dollars; exact when it is turned back. */
export function toUsd(microUsd: number): number {
  return microUsd / MICROS_PER_USD;
}

/** Writes dollars for people: `$0.42`, and more digits for amounts under a cent. */
export function formatUsd(usd: number): string {
  return usd === 0 || usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${usd.toFixed(6).replace(/0+$/, "")}`;
}

/** Writes a local day as `YYYY-MM-DD`. Days end at local midnight, however long the clock made them. */
export function formatDay(time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(time.getFullYear()).padStart(4, "0")}-${two(time.getMonth() + 1)}-${
    two(time.getDate())
  }`;
}
