import { equal, ok } from "node:assert/strict";
import { openProfile } from "../../src/profile/profile.ts";
import { pokePulse } from "../../src/pulse/poke.ts";
import { WakeSources } from "../../src/pulse/wake.ts";
import { Home } from "../helpers/home.ts";

const HOUR_MS = 3_600_000;

function sourcesIn(home: Home) {
  home.write("PLAYBOOK.md", "p");
  home.write("goals/a.md", "goal: a");
  const { paths } = openProfile((name) => (name === "LOOOP_DATA_DIR" ? home.dataDir : undefined));
  return { paths, sources: new WakeSources(paths) };
}

/** Sets the wall clock of this process forward or back while something runs. */
async function withClockSet<T>(byMs: number, run: () => Promise<T>): Promise<T> {
  const real = Date.now;
  Date.now = () => real() + byMs;
  try {
    return await run();
  } finally {
    Date.now = real;
  }
}

Deno.test("a sleep ends when the wall clock is through with it: the laptop has slept, or the clock was set", async () => {
  using home = new Home();
  const { sources } = sourcesIn(home);
  using _closing = sources;
  const started = performance.now();
  const sleeping = sources.sleep(HOUR_MS);
  equal(await withClockSet(2 * HOUR_MS, () => sleeping), undefined);
  ok(performance.now() - started < 30_000);
});

Deno.test("a sleep is no longer than its time when the clock is set back", async () => {
  using home = new Home();
  const { sources } = sourcesIn(home);
  using _closing = sources;
  const sleeping = sources.sleep(1000);
  equal(await withClockSet(-24 * HOUR_MS, () => sleeping), undefined);
});

Deno.test("settle() lets the beat's own writes sleep on, and wakes for what anyone else wrote meanwhile", async () => {
  using home = new Home();
  const { paths, sources } = sourcesIn(home);
  using _closing = sources;
  const before = sources.look();
  home.write("goals/mine.md", "goal: mine");
  sources.settle([], before, ["goals/mine.md"]);
  equal(await sources.sleep(1000), undefined);
  const again = sources.look();
  home.write("goals/mine.md", "goal: mine, again");
  home.write("goals/yours.md", "goal: yours");
  sources.settle([], again, ["goals/mine.md"]);
  equal(await sources.sleep(HOUR_MS), "PLAYBOOK or a goal was edited");
  sources.settle([], sources.look(), []);
  pokePulse(paths.wake);
  equal(await sources.sleep(HOUR_MS), "poked");
});
