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

/** Writes dollars for people: `$12.50`, and more digits for less: `$0.0125`, `$0.000001`. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= 1) return `$${usd.toFixed(2)}`;
  return `$${usd.toFixed(usd < 0.01 ? 6 : 4).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

/** Writes a local day as `YYYY-MM-DD`. Days end at local midnight, however long the clock made them. */
export function formatDay(time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(time.getFullYear()).padStart(4, "0")}-${two(time.getMonth() + 1)}-${
    two(time.getDate())
  }`;
}
