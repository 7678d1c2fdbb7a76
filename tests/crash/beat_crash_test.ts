import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { answerQuestion } from "../../src/question/answer_question.ts";
import { listAllQuestions } from "../../src/question/list_questions.ts";
import { Home } from "../helpers/home.ts";
import * as lab from "./crash_lab.ts";

const EFFECT = "echo done >> ../effects";

/** One kind of beat. */
interface Scenario {
  readonly decision: unknown;
  /** What the journal's line about it says. */
  readonly line: RegExp;
  /** How often the effect is there; at most once. Left out where there is none to count. */
  readonly effects?: (home: Home) => number;
  /** What the runner does besides. */
  readonly runner?: string;
  /** The answer to the gate's question about the decision; the beat under test acts on it. */
  readonly answer?: string;
  /** Files that a person may be named for in the history. */
  readonly byPeople?: readonly string[];
}

const once = (test: boolean) => (test ? 1 : 0);
const effectLines = (home: Home) => lab.countLines(home, "effects");

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  noop: { decision: { action: "noop", reason: "calm-1" }, line: /calm-1/ },
  run_shell: {
    decision: { action: "run_shell", cmd: EFFECT, reason: "r" },
    line: /run_shell echo done/,
    effects: effectLines,
  },
  "a failing run_shell": {
    decision: { action: "run_shell", cmd: `${EFFECT}; exit 3`, reason: "r" },
    line: /echo done.*exit 3/,
    effects: effectLines,
  },
  write_goal: {
    decision: { action: "write_goal", id: "fresh", body: "goal: fresh\n" },
    line: /write_goal fresh/,
    effects: (home) => once(home.read("goals/fresh.md") === "goal: fresh\n"),
  },
  archive_goal: {
    decision: { action: "archive_goal", id: "old" },
    line: /archive_goal old/,
    effects: (home) => {
      const archived = home.read("goals/archive/old.md");
      ok(archived !== undefined || home.read("goals/old.md") === "goal: old\n", "not lost");
      return once(archived === "goal: old\n");
    },
  },
  write_sensor: {
    decision: { action: "write_sensor", name: "more", script: "echo 1\n" },
    line: /write_sensor more/,
    effects: (home) => once(home.read("sensors/more.sh") === "echo 1\n"),
  },
  write_playbook: {
    decision: { action: "write_playbook", body: "# New\n" },
    line: /write_playbook/,
    effects: (home) => {
      ok(/^# (Playbook|New)\n$/.test(home.read("PLAYBOOK.md") ?? ""), "old or new, not half");
      return once(home.read("PLAYBOOK.md") === "# New\n");
    },
  },
  send_notification: {
    decision: { action: "send_notification", message: "look-here" },
    line: /look-here/,
  },
  "an asked move": {
    decision: { action: "run_shell", cmd: `${EFFECT} # risky`, reason: "r" },
    line: /asked: .*risky/,
    effects: (home) => {
      equal(effectLines(home), 0, "nothing happens without a yes");
      return listAllQuestions(join(home.dataDir, "asks"), () => true).length;
    },
  },
  "a yes": {
    decision: { action: "run_shell", cmd: `${EFFECT} # risky`, reason: "r" },
    answer: "yes",
    line: /^(?!asked).*risky/,
    effects: effectLines,
  },
  "a no": {
    decision: { action: "run_shell", cmd: `${EFFECT} # risky`, reason: "r" },
    answer: "no, not today",
    line: /^no: .*risky.*not today/,
    effects: effectLines,
  },
  "a refused decision": { decision: { action: "dance" }, line: /refused: .*action/ },
  "a stale decision": {
    decision: { action: "noop", reason: "calm-1" },
    runner: 'echo "edited" >> "$LOOOP_DATA_DIR/goals/old.md";',
    line: /stale: .*old\.md/,
    byPeople: ["goals/old.md"],
  },
};

/** A profile that has beaten once, and whose next beat is the one under test. */
async function prepare({ decision, runner = "", answer }: Scenario): Promise<Home> {
  const home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("goals/old.md", "goal: old\n");
  home.write("sensors/n.sh", 'wc -l < "$LOOOP_DATA_DIR/../clock" || echo 0\n');
  home.write("../clock", "");
  const write = (value: unknown) => `printf %s '${JSON.stringify(value)}' > .decision.json`;
  const asked = 'echo asked >> "$LOOOP_DATA_DIR/../asked";';
  const calm = write({ action: "noop", reason: "calm" });
  // What is under test is decided once; whoever is asked again has no more to do.
  const first = `[ -e "$LOOOP_DATA_DIR/../armed" ] && ! [ -s "$LOOOP_DATA_DIR/../asked" ]`;
  home.configure(
    `cat > /dev/null; if ${first}; then ${asked} ${runner} ${write(decision)}; else ${calm}; fi`,
    { gate: { ask: ["risky"] }, interval: 1 },
  );
  equal((await lab.beatOnce(home)).outcome, "acted");
  home.write("../armed", "");
  home.write("../clock", "tick\n");
  if (answer === undefined) return home;
  equal((await lab.beatOnce(home)).outcome, "asked");
  const asksDir = join(home.dataDir, "asks");
  const [question] = listAllQuestions(asksDir, () => true);
  await answerQuestion(asksDir, question!.id, answer, { isAlive: () => true });
  return home;
}

/** Starts the next beats until one has nothing left to settle, and looks at what there is. */
async function checkAfter(home: Home, scenario: Scenario, linesBefore: number): Promise<void> {
  await lab.beatOnce(home, true);
  lab.ageTemporaryFiles(home);
  const last = await lab.beatOnce(home, true);
  ok(["acted", "asked", "refused", "stale", "failed"].includes(last.outcome), last.outcome);
  lab.checkWorld(home);
  const lines = home.journal.slice(linesBefore);
  const about = lines.filter((line) => scenario.line.test(line));
  const interrupted = lines.filter((line) => /was interrupted/.test(line));
  const effects = scenario.effects?.(home) ?? 0;
  const seen = JSON.stringify({ lines, effects });
  ok(effects <= 1, `once at most: ${seen}`);
  ok(about.length <= 1, `one line at most: ${seen}`);
  if (effects === 1) equal(about.length, 1, `no effect without its line: ${seen}`);
  if (scenario.answer === "yes") equal(about.length, 1, `a yes is not lost: ${seen}`);
  if (scenario.answer?.startsWith("no")) {
    equal(about.length, 1, `a no is not lost: ${seen}`);
    equal(effects, 0);
  }
  if (effects === 0 && interrupted.length === 0 && about.length === 0) {
    // The decision was lost before anything was begun: then nothing was written down of it either.
    equal(lab.countLines(home, "asked"), 1, seen);
  }
  const calm = lines.filter((line) => /noop: calm$/.test(line)).length;
  equal(lines.length, calm + about.length, `lines of no beat: ${seen}`);
  const people = lab.filesOfPeople(home);
  deepEqual(people.filter((file) => !scenario.byPeople?.includes(file)), [], "the move's own");
}

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  Deno.test(`killed at its writes, ${name} happens once at most and leaves one line`, async () => {
    using template = await prepare(scenario);
    const linesBefore = template.journal.length;
    using rehearsal = lab.copyHome(template);
    const changes = await lab.listChanges(rehearsal, ["tick", "--force"]);
    await checkAfter(rehearsal, scenario, linesBefore);
    const points = lab.choosePoints(changes, 30);
    await lab.forEachPoint(points, async (point) => {
      using home = lab.copyHome(template);
      const wasKilled = await lab.runKilled(home, ["tick", "--force"], {
        KILL_AT: String(point.at),
        KILL_TORN: point.isTorn ? "1" : "0",
      });
      ok(wasKilled, "it was killed");
      await checkAfter(home, scenario, linesBefore);
    });
  });
}
