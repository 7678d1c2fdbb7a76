/**
 * Reads a profile's goals and snapshots, once plainly, and once as a beat does, which also hashes
 * and compares them, again and again as a running pulse does. Prints the medians in milliseconds.
 *
 * @module
 */
import { readPolicy } from "../../../src/act/policy_files.ts";
import { findChanges } from "../../../src/diff/what_changed.ts";
import { describeWorld, type World } from "../../../src/diff/world.ts";
import { readingSnapshot } from "../../../src/sense/snapshot.ts";
import { interleave } from "../samples.ts";

const [dataDir = "."] = Deno.args;
const at = (name: string) => `${dataDir}/${name}`;
const paths = {
  playbook: at("PLAYBOOK.md"),
  goalsDir: at("goals"),
  archiveDir: at("goals/archive"),
  sensorsDir: at("sensors"),
};
let last: World | undefined;

const { read, hash } = await interleave({ read: timed(readFiles), hash: timed(readWorld) }, {
  times: 7,
});
console.log(JSON.stringify({ read: read.median, hash: hash.median }));

function timed(work: () => void): () => number {
  return () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
}

function readFiles(): void {
  let bytes = 0;
  for (const folder of [at("goals"), at("snapshots")]) {
    for (const { name } of Deno.readDirSync(folder)) {
      bytes += Deno.readTextFileSync(`${folder}/${name}`).length;
    }
  }
  if (bytes === 0) throw new Error("nothing to read");
}

function readWorld(): void {
  const policy = readPolicy(paths);
  const snapshots = [...Deno.readDirSync(at("snapshots"))].map(({ name }) =>
    readingSnapshot(name, JSON.parse(Deno.readTextFileSync(at(`snapshots/${name}`))))
  );
  const world = describeWorld(
    [...(policy.playbook ? [policy.playbook] : []), ...policy.goals],
    snapshots,
  );
  const changes = findChanges(last ?? world, world);
  if (changes.length > 0) throw new Error("an unchanged world differs from itself");
  last = world;
}
