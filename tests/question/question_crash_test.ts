import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { answerQuestion, closeGone } from "../../src/question/answer_question.ts";
import { listAllQuestions } from "../../src/question/list_questions.ts";
import { raiseWorkerQuestion } from "../../src/question/raise_question.ts";
import { confirmDelivery } from "../../src/question/wait_for_answer.ts";
import { sweepWaiters } from "../../src/question/wake_fifo.ts";

const HERE = (path: string) => JSON.stringify(import.meta.resolve(`../../src/question/${path}`));
const ALIVE = () => true;

/** Runs a script in a process of its own, ready to be killed; its first argument is a folder for it. */
function start(script: string, ...args: readonly [string, ...string[]]): Deno.ChildProcess {
  const file = Deno.makeTempFileSync({ dir: args[0], suffix: ".ts" });
  Deno.writeTextFileSync(file, script);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", "--config", config, file, ...args],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

Deno.test("of many answers at once from several processes exactly one is taken", async () => {
  const root = Deno.makeTempDirSync({ prefix: "looop-asks-" });
  const asksDir = join(root, "asks");
  const { question } = await raiseWorkerQuestion(asksDir, {
    session: "w",
    incarnation: "i",
    prompt: "?",
  });
  const script = `
    import { answerQuestion } from ${HERE("answer_question.ts")};
    const [, dir, id, name] = Deno.args;
    const tries = Array.from({ length: 8 }, (_, n) =>
      answerQuestion(dir, id, name + n, { isAlive: () => true }).then((q) => q.answer, () => undefined));
    console.log(JSON.stringify((await Promise.all(tries)).filter((taken) => taken !== undefined)));
  `;
  const children = ["a", "b", "c"].map((name) => start(script, root, asksDir, question.id, name));
  const taken = (await Promise.all(children.map((child) => child.output())))
    .flatMap(({ stdout }) => JSON.parse(new TextDecoder().decode(stdout)) as string[]);
  equal(taken.length, 1, `taken: ${taken}`);
  deepEqual(listAllQuestions(asksDir, ALIVE).map(({ answer }) => answer), taken);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("killed at any point, a question is whole, in one place, and answered at most once", async () => {
  const root = Deno.makeTempDirSync({ prefix: "looop-asks-" });
  const asksDir = join(root, "asks");
  const script = `
    import { answerQuestion } from ${HERE("answer_question.ts")};
    import { raiseWorkerQuestion } from ${HERE("raise_question.ts")};
    import { confirmDelivery, waitForAnswer } from ${HERE("wait_for_answer.ts")};
    const [, dir, round] = Deno.args;
    console.log("ready");
    for (let n = 0; ; n++) {
      const { question } = await raiseWorkerQuestion(dir, { session: "w", incarnation: "i", prompt: round + "/" + n });
      const waiting = waitForAnswer(dir, question.id, { isAlive: () => true });
      await answerQuestion(dir, question.id, "answer " + n, { isAlive: () => true });
      await waiting;
      await confirmDelivery(dir, question.id);
    }
  `;
  for (let round = 0; round < 8; round++) {
    const child = start(script, root, asksDir, String(round));
    const reader = child.stdout.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 60));
    child.kill("SIGKILL");
    await reader.cancel();
    await child.status;
    const all = listAllQuestions(asksDir, ALIVE);
    equal(new Set(all.map(({ id }) => id)).size, all.length, "no question twice");
    equal(new Set(all.map(({ prompt }) => prompt)).size, all.length, "none asked twice");
    // Only the last one can be unfinished; it can be finished from here.
    const unfinished = all.filter(({ state }) => state !== "closed");
    ok(unfinished.length <= 1, JSON.stringify(unfinished));
    for (const { id, state } of unfinished) {
      if (state === "open") await answerQuestion(asksDir, id, "late", { isAlive: ALIVE });
      await confirmDelivery(asksDir, id);
    }
    await closeGone(asksDir, ALIVE);
    sweepWaiters(asksDir);
    const left = [...Deno.readDirSync(asksDir)].map(({ name }) => name)
      .filter((name) => !name.startsWith(".tmp-") && name !== ".lock" && name !== "answered");
    deepEqual(left, []);
  }
  Deno.removeSync(root, { recursive: true });
});
