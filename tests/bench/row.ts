/**
 * One line of the benchmark: a value, what it is compared with, and whether it is good enough.
 *
 * @module
 */
import type { Sample } from "./samples.ts";

/** What a family of rows hands over; `--json` prints it as it stands. */
export interface Row {
  readonly name: string;
  /** Null where it could not be measured; `reason` says why then. */
  readonly value: number | null;
  readonly unit: string;
  /** The same measure of what it is compared with, null where the target is absolute. */
  readonly baseline: number | null;
  readonly ratio: number | null;
  readonly target: string;
  readonly ok: boolean;
  /** Why it is short, or was not measured. */
  readonly reason?: string;
  readonly against: string;
  /** Half of all values lie between these two. */
  readonly spread?: readonly [number, number];
  readonly times?: number;
  /** More figures, for the reader. */
  readonly note?: string;
}

/** What a row says besides its figures. */
export interface RowText {
  readonly name: string;
  readonly against: string;
  readonly note?: string;
  readonly reason?: string;
}

/** Two measures of one kind, taken side by side. */
interface SideBySide {
  readonly own: Sample;
  readonly other: Sample;
  readonly unit?: string;
}

/** Makes a row that is good when it is at most `atMost` times its baseline. */
export function ratioRow(text: RowText, sides: SideBySide & { readonly atMost: number }): Row {
  const { atMost } = sides;
  return compare(text, sides, (ratio) => [`at most ${atMost}x`, ratio <= atMost]);
}

/** Makes a row that is good when it is at least `atLeast` times its baseline. */
export function speedRow(text: RowText, sides: SideBySide & { readonly atLeast: number }): Row {
  const { atLeast } = sides;
  return compare(text, sides, (ratio) => [`at least ${atLeast}x`, ratio >= atLeast]);
}

function compare(
  text: RowText,
  { own, other, unit = "ms" }: SideBySide,
  judge: (ratio: number) => readonly [target: string, ok: boolean],
): Row {
  const ratio = own.median / other.median;
  const [target, ok] = judge(ratio);
  return finish(text, {
    value: own.median,
    unit,
    baseline: other.median,
    ratio,
    target,
    ok,
    ...detailOf(own),
  });
}

/** Makes a row whose target is a number of its own. */
export function limitRow(
  text: RowText,
  measured: {
    readonly value: number;
    readonly unit: string;
    readonly target: string;
    readonly ok: boolean;
    readonly baseline?: number;
    readonly sample?: Sample;
  },
): Row {
  const { value, unit, target, ok, baseline, sample } = measured;
  return finish(text, {
    value,
    unit,
    baseline: baseline ?? null,
    ratio: baseline === undefined ? null : value / baseline,
    target,
    ok,
    ...(sample ? detailOf(sample) : {}),
  });
}

/** Makes the row of something that could not be measured here. */
export function missingRow(name: string, why: string): Row {
  return {
    name,
    value: null,
    unit: "",
    baseline: null,
    ratio: null,
    target: "",
    ok: false,
    against: "",
    reason: `not measured: ${why}`,
  };
}

function detailOf({ quartiles, values }: Sample) {
  return { spread: quartiles.map(round) as [number, number], times: values.length };
}

/** A reason stands only where the row is short. */
function finish(
  { name, against, note, reason }: RowText,
  figures: Omit<Row, "name" | "against" | "note" | "reason">,
): Row {
  return {
    name,
    against,
    ...figures,
    value: round(figures.value!),
    baseline: figures.baseline === null ? null : round(figures.baseline),
    ratio: figures.ratio === null ? null : round(figures.ratio),
    ...(note === undefined ? {} : { note }),
    ...(figures.ok || reason === undefined ? {} : { reason }),
  };
}

/** Three figures are more than any of this is worth. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
