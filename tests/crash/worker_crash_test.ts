import { equal, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";
import * as lab from "./crash_lab.ts";

/** A worker that says how often it was started and writes down each line that is typed. */
const WORKER = 'echo started >> "$LOOOP_DATA_DIR/../starts"; ' +
  'while read -r line; do echo "$line" >> "$LOOOP_DATA_DIR/../typed"; done';

interface Scenario {
  readonly decision: Readonly<Record<string, unknown>>;
  readonly hasWorker: boolean;
  /** The file beside the data dir, the line that counts, and how many there may be. */
  readonly effect: readonly [file: string, line: string, most: number];
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  start_worker: {
    decision: { action: "start_worker", id: "w", prompt: "p" },
    hasWorker: false,
    effect: ["starts", "started", 1],
  },
  steer_session: {
    decision: { action: "steer_session", id: "w", input: "hello" },
    hasWorker: true,
    effect: ["typed", "hello", 1],
  },
  send_key: {
    decision: { action: "send_key", id: "w", keys: ["x", "Enter"] },
    hasWorker: true,
    effect: ["typed", "x", 1],
  },
  restart_session: {
    decision: { action: "restart_session", id: "w" },
    hasWorker: true,
    effect: ["starts", "started", 2],
  },
};

async function prepare({ decision, hasWorker }: Scenario): Promise<Home> {
  const home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  const calm = 'echo \'{"action":"noop","reason":"calm"}\' > .decision.json';
  const once = `[ -e "$LOOOP_DATA_DIR/../armed" ] && ! [ -e "$LOOOP_DATA_DIR/../asked" ]`;
  const decide = `: > "$LOOOP_DATA_DIR/../asked"; echo '${
    JSON.stringify(decision)
  }' > .decision.json`;
  const tick = `cat > /dev/null; if ${once}; then ${decide}; else ${calm}; fi`;
  home.configure("", { runners: { script: { tick, interactive: WORKER } } });
  if (hasWorker) {
    const started = await home.looop(["start-session", "w", "p"]);
    equal(started.code, 0, started.stderr);
    await until(home, "starts", "started", 1);
  }
  equal((await lab.beatOnce(home)).outcome, "acted");
  home.write("../armed", "");
  return home;
}

const count = (home: Home, file: string, line: string) =>
  (home.read(`../${file}`) ?? "").split("\n").filter((each) => each === line).length;

async function until(home: Home, file: string, line: string, times: number): Promise<void> {
  await untilSo(home, file, () => count(home, file, line) >= times);
}

async function untilSo(home: Home, file: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${file}: ${home.read(`../${file}`)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function checkAfter(home: Home, { decision, effect }: Scenario, name: string): Promise<void> {
  const [file, line, most] = effect;
  await lab.beatOnce(home, true);
  lab.ageTemporaryFiles(home);
  await lab.beatOnce(home, true);
  lab.checkWorld(home);
  const about = home.journal.filter((each) => each.includes(name));
  const isMade = about.length === 1 && !about[0]!.startsWith("failed");
  if (isMade) await until(home, file, line, most);
  // A worker that lives takes a last line: whatever was typed before is in by then. A text whose Enter
  // the crash kept away stands in front of it.
  const last = await home.looop(["send", "w", "last"]);
  if (last.code === 0) {
    await untilSo(home, "typed", () => /last$/m.test(home.read("../typed") ?? ""));
  } else {
    const again = await home.looop(["start-session", "w", "p"]);
    equal(again.code, 0, `a new start works: ${again.stderr}`);
    return;
  }
  ok(count(home, file, line) <= most, `not twice: ${home.read(`../${file}`)}`);
  ok(about.length <= 1, JSON.stringify(home.journal));
  const before = most - 1;
  if (count(home, file, line) > before) {
    equal(about.length, 1, `an effect without a line: ${decision}`);
  }
  equal(
    home.journal.length,
    about.length + home.journal.filter((each) => /calm$/.test(each)).length,
  );
}

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  Deno.test(`killed at its writes, ${name} happens once at most and the worker stays usable`, async () => {
    const rehearsal = await prepare(scenario);
    const changes = await lab.listChanges(rehearsal, ["tick", "--force"]);
    await checkAfter(rehearsal, scenario, name);
    await lab.dispose(rehearsal);
    // Before the intent it is the beat of every other move.
    const first = changes.findIndex((change) => change.endsWith("/.intent"));
    const points = lab.choosePoints(changes, lab.IS_EXHAUSTIVE ? Infinity : 40)
      .filter(({ at }) => at >= first);
    const step = lab.IS_EXHAUSTIVE ? 1 : Math.ceil(points.length / 5);
    await lab.forEachPoint(points.filter((_, index) => index % step === 0), async (point) => {
      const home = await prepare(scenario);
      try {
        const wasKilled = await lab.runKilled(home, ["tick", "--force"], {
          KILL_AT: String(point.at),
          KILL_TORN: point.isTorn ? "1" : "0",
        });
        // How many tries an answer takes differs; a run of fewer changes is a whole one.
        ok(wasKilled || point.at > changes.length - 12);
        await checkAfter(home, scenario, name);
      } finally {
        await lab.dispose(home);
      }
    });
  });
}
