import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { Json } from "../../src/base/canonical_json.ts";
import { findChanges } from "../../src/diff/what_changed.ts";
import { describeWorld } from "../../src/diff/world.ts";
import { readingSnapshot } from "../../src/sense/snapshot.ts";
import { seededRandom } from "../helpers/home.ts";

const FILES = [{ path: "PLAYBOOK.md", text: "p" }, { path: "goals/a.md", text: "a" }];

function worldOf(readings: Readonly<Record<string, Json>>, files = FILES) {
  return describeWorld(
    files,
    Object.entries(readings).map(([name, reading]) => readingSnapshot(name, reading)),
  );
}

function randomJson(random: () => number, depth: number): Json {
  const pick = Math.floor(random() * (depth > 0 ? 6 : 4));
  if (pick === 0) return null;
  if (pick === 1) return Math.floor(random() * 100) / 4;
  if (pick === 2) return random() < 0.5;
  if (pick === 3) return ["", "é", "__proto__", "a/b~c", "\u2028"][Math.floor(random() * 5)]!;
  const items = Array.from(
    { length: Math.floor(random() * 4) },
    () => randomJson(random, depth - 1),
  );
  if (pick === 4) return items;
  return Object.fromEntries(
    items.map((item, index) => [`k${index}${random() < 0.2 ? "/~" : ""}`, item]),
  );
}

/** The same value with the keys of every object in another order. */
function shuffled(value: Json, random: () => number): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, shuffled(item, random)] as const)
      .sort(() => random() - 0.5),
  );
}

Deno.test("the order of keys, of sensors and of files never matters, and detail never counts", () => {
  const random = seededRandom(7);
  for (let round = 0; round < 500; round++) {
    const [a, b, detail] = [randomJson(random, 3), randomJson(random, 3), randomJson(random, 3)];
    const before = worldOf({ one: { signal: a, detail }, two: b });
    const after = worldOf(
      {
        two: shuffled(b, random),
        one: { detail: randomJson(random, 2), signal: shuffled(a, random) },
      },
      [...FILES].reverse(),
    );
    equal(after.hash, before.hash);
    deepEqual(findChanges(before, after), []);
  }
});

Deno.test("every change of a signal wakes, and applying what findChanges() says leads from old to new", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 500; round++) {
    const [old, now] = [randomJson(random, 3), randomJson(random, 3)];
    const [before, after] = [worldOf({ s: { signal: old } }), worldOf({ s: { signal: now } })];
    const changes = findChanges(before, after);
    equal(before.hash === after.hash, changes.length === 0);
    let value = old;
    // From the end, so that indices of removed items stay right.
    for (const change of [...changes].reverse()) {
      value = applied(value, change.pointer!, change.new);
    }
    equal(worldOf({ s: { signal: value } }).hash, after.hash);
  }
});

function applied(value: Json, pointer: string, now: Json | undefined): Json {
  if (pointer === "") return now!;
  const [, first = "", ...rest] = pointer.split("/");
  const key = first.replaceAll("~1", "/").replaceAll("~0", "~");
  if (Array.isArray(value)) {
    const copy: Json[] = [...value];
    if (rest.length > 0) copy[Number(key)] = applied(copy[Number(key)]!, "/" + rest.join("/"), now);
    else if (now === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = now;
    // Items that are added to the end come in reverse order here: keep the holes for the next ones.
    return copy;
  }
  const copy = { ...value as { [key: string]: Json } };
  if (rest.length > 0) copy[key] = applied(copy[key]!, "/" + rest.join("/"), now);
  else if (now === undefined) delete copy[key];
  else copy[key] = now;
  return copy;
}

Deno.test("a reading without a signal counts whole, but for a detail of its own", () => {
  equal(worldOf({ s: { a: 1, detail: 1 } }).hash, worldOf({ s: { a: 1, detail: 2 } }).hash);
  notEqual(worldOf({ s: { a: 1 } }).hash, worldOf({ s: { a: 2 } }).hash);
  notEqual(worldOf({ s: [1] }).hash, worldOf({ s: [2] }).hash);
});

Deno.test("findChanges() names file, pointer, old value and new value", () => {
  const before = worldOf({ gh: { signal: { "a/b": [1, { x: "old" }] } }, gone: 1 });
  const after = worldOf({ gh: { signal: { "a/b": [1, { x: "new" }] } }, fresh: 2 }, [
    { path: "PLAYBOOK.md", text: "p2" },
    { path: "goals/b.md", text: "b" },
  ]);
  deepEqual(findChanges(before, after), [
    { where: "PLAYBOOK.md", kind: "changed" },
    { where: "goals/a.md", kind: "removed" },
    { where: "goals/b.md", kind: "added" },
    { where: "sensor fresh", kind: "added", new: 2 },
    { where: "sensor gh", kind: "changed", pointer: "/a~1b/1/x", old: "old", new: "new" },
    { where: "sensor gone", kind: "removed", old: 1 },
  ]);
});
