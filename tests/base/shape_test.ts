import { deepEqual, equal, throws } from "node:assert/strict";
import * as s from "../../src/base/shape.ts";

const pet = s.objectWith({
  name: s.text,
  kind: s.oneOf("cat", "dog"),
  age: s.optional(s.whole),
  owner: s.orNull(s.text),
  tags: s.withDefault(s.listOf(s.text), []),
  sizes: s.optional(s.mapOf(s.number)),
  tail: s.optional(s.oneOf(true)),
  place: s.optional(s.tupleOf(s.number, s.either(s.number, s.text))),
});
const REX = { name: "Rex", kind: "dog", owner: null };

Deno.test("check() returns the fields of the shape, with what is missing left out or put in", () => {
  deepEqual(s.check(pet, REX), { ...REX, tags: [] });
  const whole = {
    ...REX,
    age: 3,
    tags: ["a"],
    sizes: { ["__proto__"]: 1 },
    tail: true,
    place: [1, "b"],
  };
  deepEqual(s.check(pet, whole), whole);
  equal(JSON.stringify(s.check(pet, whole).sizes), '{"__proto__":1}');
  deepEqual(Object.keys(s.check(pet, { ...REX, age: undefined })), [
    "name",
    "kind",
    "owner",
    "tags",
  ]);
});

Deno.test("check() names where a value is wrong, and what to write", () => {
  const table: readonly (readonly [change: Record<string, unknown>, at: string, why: string])[] = [
    [{ name: 5 }, "name", "write text in quotes"],
    [{ name: undefined }, "name", "write text in quotes"],
    [{ kind: "cow" }, "kind", 'write one of "cat", "dog"'],
    [{ age: 1.5 }, "age", "write a whole number"],
    [{ age: null }, "age", "write a whole number"],
    [{ owner: undefined }, "owner", "write text in quotes"],
    [{ tags: ["a", 1] }, "tags.1", "write text in quotes"],
    [{ tags: { 0: "a" } }, "tags", "write a list"],
    [{ sizes: { s: "big" } }, "sizes.s", "write a number"],
    [{ sizes: [] }, "sizes", "write an object"],
    [{ tail: false }, "tail", "write one of true"],
    [{ place: [1] }, "place", "write a list of 2"],
    [{ place: [1, null] }, "place.1", "write text in quotes"],
  ];
  for (const [change, at, why] of table) {
    throws(() => s.check(pet, { ...REX, ...change }), (error: unknown) => {
      equal(error instanceof s.ShapeError && error.keys.join("."), at);
      equal((error as Error).message, why);
      return true;
    });
    equal(s.matches(pet, { ...REX, ...change }), undefined);
  }
  for (const value of [null, undefined, "x", 1, []]) equal(s.matches(pet, value), undefined);
});

Deno.test("check() takes no field from a prototype, and tells the keys that no shape names", () => {
  const named = s.objectWith({ toString: s.optional(s.text), inner: s.objectWith({}) });
  const unknown: string[] = [];
  const value = JSON.parse('{"inner": {"a": 1}, "__proto__": 2, "b": 3}');
  deepEqual(s.check(named, value, (keys) => unknown.push(keys.join("."))), { inner: {} });
  deepEqual(unknown, ["inner.a", "__proto__", "b"]);
});

Deno.test("where() accepts what no problem is found with", () => {
  const even = s.where(s.number, (n) => (n % 2 === 0 ? undefined : "write an even number"));
  equal(s.check(even, 4), 4);
  throws(() => s.check(even, 3), /write an even number/);
  throws(() => s.check(even, "4"), /write a number/);
});
