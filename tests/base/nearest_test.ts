import { equal } from "node:assert/strict";
import { findNearest } from "../../src/base/nearest.ts";

const KNOWN = ["status", "start-session", "send", "key", "ls", "log", "logs", "--json", "--help"];

Deno.test("findNearest() knows letters that are missing, doubled, other or swapped", () => {
  equal(findNearest("statsu", KNOWN), "status");
  equal(findNearest("statuss", KNOWN), "status");
  equal(findNearest("sned", KNOWN), "send");
  equal(findNearest("sl", KNOWN), "ls");
  equal(findNearest("--jsno", KNOWN), "--json");
});

Deno.test("findNearest() takes the beginning of a word, and the first of several words, for it", () => {
  equal(findNearest("start", KNOWN), "start-session");
  equal(findNearest("strat", KNOWN), "start-session");
  equal(findNearest("lo", KNOWN), "log");
});

Deno.test("findNearest() suggests nothing that is further away than a typo", () => {
  for (const word of ["frobnicate", "foo", "x", "kk", "--q", "--zzz", "--hat", ""]) {
    equal(findNearest(word, KNOWN), undefined, word);
  }
});
