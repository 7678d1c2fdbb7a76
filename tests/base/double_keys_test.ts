import { deepEqual } from "node:assert/strict";
import { findDoubleKeys } from "../../src/base/double_keys.ts";

Deno.test("findDoubleKeys() tells the later ones of each object, with the way to them", () => {
  const table: readonly (readonly [text: string, found: readonly (readonly [string, number])[]])[] =
    [
      ["{}", []],
      ["", []],
      ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', []],
      ['{"a":1,"a":2,"a":3}', [["a", 7], ["a", 13]]],
      ['{"a":{"b":1,"b":2},"a":0}', [["a.b", 12], ["a", 19]]],
      ['[{"x":1},{"y":1,"y":1}]', [["1.y", 16]]],
      ['{"a":1, // "a"\n"\\u0061":2}', [["a", 15]]],
    ];
  for (const [text, found] of table) {
    deepEqual(findDoubleKeys(text).map(({ keys, offset }) => [keys.join("."), offset]), found);
  }
});
