import { deepEqual, equal, ok } from "node:assert/strict";
import { findHolding, type GuardState, judgeGuards } from "../../src/diff/guards.ts";
import { adviseWake, applyChanges } from "../../src/diff/wake_advice.ts";
import { seededRandom } from "../helpers/split_randomly.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

function randomState(random: () => number): GuardState {
  const below = (limit: number) => Math.floor(random() * limit);
  const chance = () => random() < 0.5;
  return {
    nowMs: NOW,
    worldHash: "w",
    last: chance()
      ? {
        hash: chance() ? "w" : "old",
        decidedAtMs: NOW - below(40_000_000),
        wasNoop: chance(),
      }
      : undefined,
    noopTtlMs: 21_600_000,
    backoff: chance()
      ? {
        hash: chance() ? "w" : "old",
        failures: below(5),
        lastFailedAtMs: NOW - below(400_000),
      }
      : undefined,
    budget: {
      capUsd: chance() ? below(300) / 100 : undefined,
      spentTodayUsd: below(300_000_000) / 100_000_000,
      unmeteredToday: chance() ? 0 : below(3),
      ...(random() < 0.2 ? { problem: "the ledger cannot be read" } : {}),
      midnightMs: NOW + 3_600_000,
    },
    rate: {
      maxPerHour: below(6),
      decidedAtMs: Array.from({ length: below(8) }, () => NOW - below(4_000_000)),
      problem: random() < 0.2 ? "the count cannot be read" : undefined,
    },
  };
}

Deno.test("adviseWake() names changes that flip every verdict, and none where nothing holds", () => {
  const random = seededRandom(5);
  const seen = new Set<string>();
  for (let round = 0; round < 5000; round++) {
    const state = randomState(random);
    const { holding, needed, freeAtMs } = adviseWake(state);
    equal(findHolding(judgeGuards(state))?.guard, holding);
    equal(needed.length === 0, holding === undefined);
    equal(findHolding(judgeGuards(applyChanges(state, needed))), undefined);
    // Each is needed: without any one of them a guard still holds.
    for (const left of needed) {
      const others = needed.filter((change) => change !== left);
      ok(findHolding(judgeGuards(applyChanges(state, others))), JSON.stringify({ state, left }));
    }
    if (freeAtMs !== undefined) {
      // Waiting alone opens every guard; at midnight what was spent today is none of today's.
      const { problem: _, ...tidy } = state.budget;
      const later = freeAtMs >= state.budget.midnightMs
        ? { ...tidy, spentTodayUsd: -1, unmeteredToday: 0 }
        : state.budget;
      equal(
        findHolding(judgeGuards({ ...state, nowMs: freeAtMs, budget: later })),
        undefined,
      );
    }
    seen.add(holding ?? "none");
  }
  deepEqual([...seen].sort(), ["backoff", "budget", "none", "rate", "unchanged"]);
});

Deno.test("adviseWake() raises the daily cap by no more than a cent over what was spent", () => {
  const state = randomState(seededRandom(1));
  const spent = (usd: number) =>
    adviseWake({
      ...state,
      last: undefined,
      backoff: undefined,
      rate: { maxPerHour: 0, decidedAtMs: [] },
      budget: { ...state.budget, capUsd: 0, spentTodayUsd: usd, unmeteredToday: 0 },
    }).needed.map((change) => change.kind === "raise" && change.value);
  deepEqual([spent(0), spent(1.25), spent(1.259999), spent(0.1 + 0.2)], [[0.01], [1.26], [1.26], [
    0.31,
  ]]);
});
