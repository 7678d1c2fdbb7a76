import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { bundle, CHECKOUT } from "../../src/ship/bundle.ts";
import { withTempDir } from "../helpers/temp_dir.ts";

/** Counts what is declared with `using`, by name, in all files of a folder. */
function countUsing(folder: string, into: Record<string, number> = {}): Record<string, number> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    // What builds looop is no part of it.
    if (isDirectory && name !== "ship") countUsing(path, into);
    if (!/\.(ts|js)$/.test(name)) continue;
    for (const [, found = ""] of Deno.readTextFileSync(path).matchAll(/\busing (\w+) =/g)) {
      // A second variable of the same name in one file may get a number.
      const key = found.replace(/\d+$/, "");
      into[key] = (into[key] ?? 0) + 1;
    }
  }
  return into;
}

// The bundler's minifier once inlined what was declared with `using` and used once: every such file
// and lock of the binary stayed open, and a pulse waited for its own lock from the second beat on.
Deno.test("the bundle closes all that the sources close by `using`", async () => {
  await withTempDir(async (folder) => {
    await bundle(folder);
    deepEqual(countUsing(folder), countUsing(join(CHECKOUT, "src")));
  });
});
