import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { sweepTemporaryFiles, writeFileAtomic } from "../../src/base/atomic_file.ts";

Deno.test("sweepTemporaryFiles() removes what a killed writer left and nothing that is young or ours", () => {
  const dir = Deno.makeTempDirSync({ prefix: "looop-sweep-" });
  for (const name of [".tmp-1-old", ".tmp-2-young", "kept.md"]) {
    writeFileAtomic(join(dir, name), "");
  }
  const longAgo = new Date(Date.now() - 7_200_000);
  for (const name of [".tmp-1-old", "kept.md"]) Deno.utimeSync(join(dir, name), longAgo, longAgo);
  sweepTemporaryFiles(dir, 3_600_000);
  deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [".tmp-2-young", "kept.md"]);
  Deno.removeSync(dir, { recursive: true });
});
