/**
 * What woke a decided beat, kept short enough to lie in a scratch file for ever.
 *
 * @module
 */
import { canonicalJson, type Json } from "../base/canonical_json.ts";
import { shorten } from "../base/plain_text.ts";
import type { Verdict } from "../diff/guards.ts";
import type { Change } from "../diff/what_changed.ts";

/** Why a beat was decided. */
export interface Woke {
  /** One sentence. */
  readonly reason: string;
  /** What was different from the decided beat before; at most `MAX_CHANGES`. */
  readonly changes: readonly Change[];
  /** How many more there were. */
  readonly more: number;
}

const MAX_CHANGES = 20;
const MAX_VALUE_LENGTH = 1000;

/**
 * Describes why the guards let a beat through.
 *
 * @param holding The guard that was passed by force, where there was one.
 */
export function describeWoke(
  verdicts: readonly Verdict[],
  changes: readonly Change[] | undefined,
  holding: Verdict | undefined,
): Woke {
  const unchanged = verdicts.find(({ guard }) => guard === "unchanged");
  const reason = holding === undefined
    ? unchanged?.reason ?? ""
    : `forced, although ${holding.guard} held: ${holding.reason}`;
  const kept = (changes ?? []).slice(0, MAX_CHANGES).map((change) => ({
    ...change,
    ...(change.old === undefined ? {} : { old: shortValue(change.old) }),
    ...(change.new === undefined ? {} : { new: shortValue(change.new) }),
  }));
  return { reason, changes: kept, more: (changes?.length ?? 0) - kept.length };
}

/** A value that is too long is kept as the start of its text. */
function shortValue(value: Json): Json {
  const text = canonicalJson(value);
  return text.length <= MAX_VALUE_LENGTH ? value : shorten(text, MAX_VALUE_LENGTH);
}
