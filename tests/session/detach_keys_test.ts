import { deepEqual, equal } from "node:assert/strict";
import { DetachKeys } from "../../src/session/detach_keys.ts";

const CTRL = "\x1c";

Deno.test("DetachKeys passes every byte but two Ctrl-\\ in a row", () => {
  const keys = new DetachKeys();
  deepEqual(keys.push("abc\x00\xff\x1b[A"), { pass: "abc\x00\xff\x1b[A", isLeaving: false });
  deepEqual(keys.push(CTRL), { pass: "", isLeaving: false });
  deepEqual(keys.push("x"), { pass: CTRL + "x", isLeaving: false });
  deepEqual(keys.push("a" + CTRL), { pass: "a", isLeaving: false });
  equal(keys.isHolding, true);
  equal(keys.release(), CTRL);
  deepEqual(keys.push(CTRL), { pass: "", isLeaving: false });
  deepEqual(keys.push(CTRL), { pass: "", isLeaving: true });
  deepEqual(new DetachKeys().push(`ab${CTRL}${CTRL}cd`), { pass: "ab", isLeaving: true });
  deepEqual(new DetachKeys().push(`${CTRL}b${CTRL}`), { pass: `${CTRL}b`, isLeaving: false });
});

Deno.test("DetachKeys knows the keys of programs that asked for other codes", () => {
  for (const press of ["\x1b[27;5;92~", "\x1b[92;5u", "\x1b[92;5:1u\x1b[92;5:3u"]) {
    const keys = new DetachKeys();
    deepEqual(keys.push(press), { pass: "", isLeaving: false }, JSON.stringify(press));
    equal(keys.push(press).isLeaving, true, JSON.stringify(press));
  }
});
