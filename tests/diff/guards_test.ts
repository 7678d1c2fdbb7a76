import { deepEqual, equal, match } from "node:assert/strict";
import {
  backoffDelayMs,
  findHolding,
  type GuardState,
  judgeGuards,
} from "../../src/diff/guards.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

function state(changed: Partial<GuardState> = {}): GuardState {
  return {
    nowMs: NOW,
    worldHash: "new",
    last: { hash: "old", decidedAtMs: NOW - 1000, wasNoop: false },
    noopTtlMs: 21_600_000,
    backoff: undefined,
    budget: { capUsd: undefined, spentTodayUsd: 0, unmeteredToday: 0, midnightMs: NOW + 3_600_000 },
    rate: { maxPerHour: 120, decidedAtMs: [] },
    ...changed,
  };
}

function holding(changed: Partial<GuardState>, isForced = false) {
  const verdict = findHolding(judgeGuards(state(changed)), isForced);
  return verdict && [verdict.guard, verdict.untilMs && verdict.untilMs - NOW];
}

Deno.test("judgeGuards() lets a changed world through", () => {
  equal(holding({}), undefined);
  equal(holding({ last: undefined }), undefined);
});

Deno.test("judgeGuards() holds an unchanged world for ever after a move, and until the TTL after a noop", () => {
  const last = { hash: "new", decidedAtMs: NOW - 1000, wasNoop: false };
  deepEqual(holding({ last }), ["unchanged", undefined]);
  deepEqual(holding({ last: { ...last, wasNoop: true } }), ["unchanged", 21_599_000]);
  equal(holding({ last: { ...last, wasNoop: true, decidedAtMs: NOW - 21_600_000 } }), undefined);
  equal(holding({ last }, true), undefined);
});

Deno.test("judgeGuards() lets an unchanged world through where a no has a reason to be heard", () => {
  const last = { hash: "new", decidedAtMs: NOW - 1000, wasNoop: false };
  equal(holding({ last, unheardNo: "abc" }), undefined);
  match(judgeGuards(state({ last, unheardNo: "abc" }))[0]!.reason, /abc has a reason/);
});

Deno.test("judgeGuards() lets an unchanged world through, after the backoff, where an approved move has failed", () => {
  const last = { hash: "new", decidedAtMs: NOW - 90_000, wasNoop: false };
  const backoff = { hash: "new", failures: 1, lastFailedAtMs: NOW - 20_000 };
  deepEqual(holding({ last, backoff }), ["backoff", 40_000]);
  equal(holding({ last, backoff: { ...backoff, lastFailedAtMs: NOW - 60_000 } }), undefined);
  deepEqual(holding({ last, backoff: { ...backoff, hash: "old" } }), ["unchanged", undefined]);
});

Deno.test("judgeGuards() backs off 60 s doubling to 300 s at the same world, and not at all at a new one", () => {
  deepEqual([1, 2, 3, 4, 9].map(backoffDelayMs), [60_000, 120_000, 240_000, 300_000, 300_000]);
  const backoff = { hash: "new", failures: 2, lastFailedAtMs: NOW - 20_000 };
  deepEqual(holding({ backoff }), ["backoff", 100_000]);
  equal(holding({ backoff: { ...backoff, lastFailedAtMs: NOW - 120_000 } }), undefined);
  equal(holding({ backoff: { ...backoff, hash: "other" } }), undefined);
  equal(holding({ backoff }, true), undefined);
});

Deno.test("judgeGuards() does not stretch a backoff when the clock was set back", () => {
  equal(
    holding({ backoff: { hash: "new", failures: 1, lastFailedAtMs: NOW + 86_400_000 } }),
    undefined,
  );
});

Deno.test("judgeGuards() stops at the daily cap, also when forced, until midnight", () => {
  const budget = { capUsd: 1, spentTodayUsd: 1, unmeteredToday: 0, midnightMs: NOW + 5 };
  deepEqual(holding({ budget }, true), ["budget", 5]);
  equal(holding({ budget: { ...budget, spentTodayUsd: 0.99 } }), undefined);
  equal(holding({ budget: { ...budget, capUsd: undefined } }), undefined);
});

Deno.test("judgeGuards() stops when a cap is set and a run named no cost, and says what to do", () => {
  const budget = { capUsd: 1, spentTodayUsd: 0, unmeteredToday: 1, midnightMs: NOW };
  const verdict = findHolding(judgeGuards(state({ budget })));
  match(verdict!.reason, /_fmt/);
});

Deno.test("judgeGuards() counts the calls of a rolling hour, those of a clock set back included", () => {
  const rate = { maxPerHour: 2, decidedAtMs: [NOW - 3_600_000, NOW - 1000, NOW - 600_000] };
  deepEqual(holding({ rate }, true), ["rate", 3_000_000]);
  equal(holding({ rate: { ...rate, maxPerHour: 3 } }), undefined);
  equal(holding({ rate: { ...rate, maxPerHour: 0 } }), undefined);
  deepEqual(holding({ rate: { maxPerHour: 1, decidedAtMs: [NOW + 9e9] } }), ["rate", 3_600_000]);
});

Deno.test("judgeGuards() asks in the contract's order", () => {
  deepEqual(judgeGuards(state()).map(({ guard }) => guard), [
    "unchanged",
    "backoff",
    "budget",
    "rate",
  ]);
});
