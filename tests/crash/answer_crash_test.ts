import { equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { listAllQuestions } from "../../src/question/list_questions.ts";
import { Home } from "../helpers/home.ts";
import * as lab from "./crash_lab.ts";

const ALIVE = () => true;
const questionsOf = (home: Home) => listAllQuestions(join(home.dataDir, "asks"), ALIVE);

/** A profile whose gate has asked about a command that leaves a line in `effects`. */
async function prepare(): Promise<Home> {
  const home = new Home();
  home.write("PLAYBOOK.md", "# Playbook\n");
  const decision = { action: "run_shell", cmd: "echo done >> ../effects # risky", reason: "r" };
  home.decideAlways(decision, { gate: { ask: ["risky"] } });
  equal((await lab.beatOnce(home)).outcome, "asked");
  home.decideAlways({ action: "noop", reason: "calm" }, { gate: { ask: ["risky"] } });
  return home;
}

Deno.test("an answer killed at its writes is given or not, never half or twice", async () => {
  using template = await prepare();
  const id = questionsOf(template)[0]!.id;
  using rehearsal = lab.copyHome(template);
  const changes = await lab.listChanges(rehearsal, ["answer", id, "yes"]);
  await lab.forEachPoint(lab.choosePoints(changes, 20), async (point) => {
    using home = lab.copyHome(template);
    ok(
      await lab.runKilled(home, ["answer", id, "yes"], {
        KILL_AT: String(point.at),
        KILL_TORN: point.isTorn ? "1" : "0",
      }),
    );
    const [question] = questionsOf(home);
    const again = await home.looop(["answer", id, "no"]);
    equal(again.code, question?.answer === undefined ? 0 : 1, again.stderr);
    const isYes = question?.answer === "yes";
    const made = await lab.beatOnce(home);
    equal(made.outcome, "acted");
    lab.ageTemporaryFiles(home);
    await lab.beatOnce(home, true);
    lab.checkWorld(home);
    equal(lab.countLines(home, "effects"), isYes ? 1 : 0);
    equal(questionsOf(home).length, 1);
    equal(home.journal.filter((line) => /^(no|run_shell).*risky/.test(line)).length, 1);
  });
});

Deno.test("an ask killed at its writes leaves its question once or not at all; asked again it is answered", async () => {
  using home = await prepare();
  const ask = ["ask", "w", "--prompt", "which?", "--timeout"];
  const runner = { tick: "false", interactive: "sleep 300" };
  home.configure("", { runners: { script: runner } });
  try {
    const started = await home.looop(["start-session", "w", "p"]);
    equal(started.code, 0, started.stderr);
    const changes = await lab.listChanges(home, [...ask, "100ms"]);
    const asksDir = join(home.dataDir, "asks");
    const mine = () => questionsOf(home).filter(({ prompt }) => prompt === "which?");
    for (const { at, isTorn } of lab.choosePoints(changes, 12)) {
      for (const { id } of mine()) Deno.removeSync(join(asksDir, `${id}.json`));
      await lab.runKilled(home, [...ask, "100ms"], {
        KILL_AT: String(at),
        KILL_TORN: isTorn ? "1" : "0",
      });
      ok(mine().length <= 1);
      const asking = home.looop([...ask, "60"]);
      const deadline = performance.now() + 20_000;
      while (mine().length === 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const [question] = mine();
      const answered = await home.looop(["answer", question!.id, "this"]);
      equal(answered.code, 0, answered.stderr);
      equal((await asking).stdout, "this\n");
      equal(mine().length, 1, "asked again is asked once");
      for (const { name } of Deno.readDirSync(join(asksDir, "answered"))) {
        Deno.removeSync(join(asksDir, "answered", name), { recursive: true });
      }
    }
  } finally {
    await home.looop(["kill", "w"]);
  }
});
