/**
 * Reads a profile's goals and snapshots, and with `hash` also hashes and compares them, in a process
 * that is as cold as a beat's. Prints the milliseconds that it took.
 *
 * @module
 */
import { readPolicy } from "../../../src/act/policy_files.ts";
import { findChanges } from "../../../src/diff/what_changed.ts";
import { describeWorld } from "../../../src/diff/world.ts";
import { readingSnapshot } from "../../../src/sense/snapshot.ts";

const [what, dataDir = "."] = Deno.args;
const at = (name: string) => `${dataDir}/${name}`;
const paths = {
  playbook: at("PLAYBOOK.md"),
  goalsDir: at("goals"),
  archiveDir: at("goals/archive"),
  sensorsDir: at("sensors"),
};

const start = performance.now();
if (what === "hash") {
  const first = readWorld();
  const changes = findChanges(first, { ...first, hash: "another" });
  if (changes.length > 0) throw new Error("a world differs from itself");
} else {
  let bytes = 0;
  for (const folder of [at("goals"), at("snapshots")]) {
    for (const { name } of Deno.readDirSync(folder)) {
      bytes += Deno.readTextFileSync(`${folder}/${name}`).length;
    }
  }
  if (bytes === 0) throw new Error("nothing to read");
}
console.log(performance.now() - start);

function readWorld() {
  const policy = readPolicy(paths);
  const snapshots = [...Deno.readDirSync(at("snapshots"))].map(({ name }) =>
    readingSnapshot(name, JSON.parse(Deno.readTextFileSync(`${dataDir}/snapshots/${name}`)))
  );
  return describeWorld([...(policy.playbook ? [policy.playbook] : []), ...policy.goals], snapshots);
}
