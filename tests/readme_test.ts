import { equal, ok } from "node:assert/strict";
import { refreshTables } from "../src/cli/readme_tables.ts";

const ROOT = new URL("../", import.meta.url);
const readme = Deno.readTextFileSync(new URL("README.md", ROOT));

Deno.test("README's tables are those of the code (else: deno task readme)", () => {
  equal(readme, refreshTables(readme));
});

Deno.test("README names only tasks, files and verbs that exist", () => {
  const { tasks, imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  for (const [, task = ""] of readme.matchAll(/deno(?:@[\d.]+)? task ([a-z]+)/g)) {
    ok(Object.hasOwn(tasks, task), `no task ${task}`);
  }
  for (const [, path = ""] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
    ok(Deno.statSync(new URL(path, ROOT)), path);
  }
  for (const name of Object.keys(imports)) {
    if (!name.endsWith("-types")) {
      ok(readme.includes(`\`${name}\``), `README does not explain ${name}`);
    }
  }
});
