/**
 * Kills the real program at its N-th change to the world, starts the next beats over what is left, and
 * looks at the world. See kill_at_write.ts.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { type HeldLock, tryLock } from "../../src/base/file_lock.ts";
import { beat, type BeatResult } from "../../src/pulse/beat.ts";
import { openBeat } from "../../src/pulse/open_beat.ts";
import { tearDown } from "../../src/pulse/teardown.ts";
import { Home, run } from "../helpers/home.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const KILLER = new URL("./kill_at_write.ts", import.meta.url).pathname;
/** Every point of every action; minutes instead of seconds. */
export const IS_EXHAUSTIVE = Deno.env.get("LOOOP_TEST_CRASH_ALL") === "1";

/** One point at which the program is killed. */
export interface KillPoint {
  readonly at: number;
  /** The N-th change, as kill_at_write.ts names it. */
  readonly change: string;
  readonly isTorn: boolean;
}

/** Runs the program under the killer; tells whether it was killed. */
export async function runKilled(
  home: Home,
  args: readonly string[],
  kill: Readonly<Record<string, string>>,
): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", "--preload", KILLER, MAIN, ...args],
    env: home.env(kill),
    clearEnv: true,
    cwd: home.dir,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return (await child.status).signal === "SIGKILL";
}

/** Lists the changes of a whole run. */
export async function listChanges(home: Home, args: readonly string[]): Promise<readonly string[]> {
  const log = join(home.dir, "changes.log");
  ok(!await runKilled(home, args, { KILL_LOG: log }));
  return Deno.readTextFileSync(log).replaceAll(home.dir, "").trim().split("\n");
}

/** What leaves the same files as the point before it, or scratch that nothing depends on. */
const DULL = /^(open|chmod) |events\.jsonl|\/snapshots\/|\/\.tmp-\S+-snap/;

/**
 * Chooses the points: every one in the exhaustive mode; else those that can matter, at most `most` of
 * them, evenly spread, and some writes torn in their middle.
 */
export function choosePoints(changes: readonly string[], most: number): readonly KillPoint[] {
  const points = changes.flatMap((change, index): KillPoint[] => {
    const whole = { at: index + 1, change, isTorn: false };
    return change.startsWith("write ") ? [whole, { ...whole, isTorn: true }] : [whole];
  });
  if (IS_EXHAUSTIVE) return points;
  // The write of a temporary file matters to nobody but the sweep; its rename does.
  const chosen = points.filter(({ change, isTorn }) =>
    !DULL.test(change) && !(change.startsWith("write ") && change.includes(".tmp-") && !isTorn)
  );
  const step = Math.max(1, chosen.length / most);
  return chosen.filter(({ change, isTorn }, index) =>
    // Half a journal line is the one torn write that later beats read.
    (isTorn && change.endsWith("/journal.md")) ||
    Math.floor(index / step) !== Math.floor((index - 1) / step)
  );
}

/** Copies a home; both are independent from then on. */
export function copyHome(template: Home): Home {
  const home = new Home();
  run(template.dir, "cp", "-a", `${template.dir}/.`, home.dir);
  return home;
}

/**
 * Takes the lock of a process that was killed. A child that it was just about to start holds a copy
 * of every descriptor until it has become the other program, a few milliseconds later.
 */
async function lockSoon(path: string): Promise<HeldLock | undefined> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const lock = tryLock(path);
    if (lock || performance.now() > deadline) return lock;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Runs one beat in this process, the way `looop tick` does. */
export async function beatOnce(home: Home, isForced = false): Promise<BeatResult> {
  const env = home.env();
  const context = openBeat((name) => env[name] || undefined, { onEvent: () => {} });
  using lock = await lockSoon(context.profile.paths.lock);
  ok(lock, "the lock is free");
  return await beat(context, { isForced });
}

/** How many lines a file beside the data dir has. */
export function countLines(home: Home, name: string): number {
  return (home.read(`../${name}`) ?? "").split("\n").length - 1;
}

/** What lies below the data dir, by its path in it. */
export function filesBelow(home: Home): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(join(home.dataDir, folder))) {
      if (isDirectory && name !== ".git") walk(`${folder}${name}/`);
      else if (!isDirectory) found.push(folder + name);
    }
  };
  walk("");
  return found;
}

/** Lets what killed writers left look old enough to be swept. */
export function ageTemporaryFiles(home: Home): void {
  const old = new Date(Date.now() - 7_200_000);
  for (const file of filesBelow(home)) {
    if (file.includes(".tmp-")) Deno.utimeSync(join(home.dataDir, file), old, old);
  }
}

/** What holds after any crash, once the next beats have run. */
export function checkWorld(home: Home): void {
  equal(home.read(".intent"), undefined, "no intent is left");
  equal(home.read(".beat"), undefined, "no mark of a beat is left");
  for (const line of (home.read("journal.md") ?? "").trimEnd().split("\n")) {
    ok(/^- \d{4}-\d\d-\d\d \d\d:\d\d \S/.test(line), `a torn journal line: ${line}`);
  }
  for (const file of filesBelow(home)) {
    ok(!file.includes(".tmp-") || file.startsWith("runs/"), `not swept: ${file}`);
    if (file.endsWith(".json") && !file.startsWith("sessions/")) {
      JSON.parse(home.read(file) ?? "");
    }
  }
  const durable = ["PLAYBOOK.md", "goals", "sensors", "journal.md"];
  const open = run(home.dataDir, "git", "status", "--porcelain", "--", ...durable);
  equal(open, "", "all is committed");
  run(home.dataDir, "git", "fsck", "--no-progress");
}

/** The files in commits that are not looop's. */
export function filesOfPeople(home: Home): readonly string[] {
  const log = run(home.dataDir, "git", "log", "--format=%x00%an", "--name-only");
  return log.split("\0").slice(1).flatMap((entry) => {
    const [author, ...files] = entry.trim().split("\n").filter((line) => line !== "");
    return author === "looop" ? [] : files;
  });
}

/** Runs `work` over all items, two at a time, and names the item that fails. */
export async function forEachPoint(
  points: readonly KillPoint[],
  work: (point: KillPoint) => Promise<void>,
): Promise<void> {
  const waiting = [...points];
  const failures: string[] = [];
  await Promise.all([1, 2].map(async () => {
    for (let point = waiting.shift(); point; point = waiting.shift()) {
      try {
        await work(point);
      } catch (error) {
        const { at, change, isTorn } = point;
        const stack = error instanceof Error ? error.stack ?? error.message : String(error);
        failures.push(`killed ${isTorn ? "inside" : "before"} change ${at} (${change}): ${stack}`);
      }
    }
  }));
  deepEqual(failures, [], failures.join("\n"));
}

/** Removes a home, with whatever its sessions left. */
export async function dispose(home: Home): Promise<void> {
  const { problems } = await tearDown(join(home.dataDir, "sessions"));
  home[Symbol.dispose]();
  deepEqual(problems, []);
}
