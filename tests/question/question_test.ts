import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import type { IsAlive } from "../../src/question/asker_gone.ts";
import { answerQuestion, closeGone } from "../../src/question/answer_question.ts";
import { closeGateQuestion, listGateAnswers, takeLeave } from "../../src/question/gate_answers.ts";
import {
  answersSince,
  hasOpenQuestion,
  listAllQuestions,
  listOpenQuestions,
} from "../../src/question/list_questions.ts";
import {
  ARCHIVE_KEEP,
  findQuestion,
  putQuestion,
  readArchive,
} from "../../src/question/question_folder.ts";
import { raiseGateQuestion, raiseWorkerQuestion } from "../../src/question/raise_question.ts";
import { confirmDelivery, waitForAnswer } from "../../src/question/wait_for_answer.ts";
import { makeWaiter } from "../../src/question/wake_fifo.ts";

const ALIVE: IsAlive = () => true;
const MOVE = { action: "run_shell", cmd: "git push", reason: "done" } as const;

/** A folder of its own that does not exist yet. */
class Asks implements Disposable {
  readonly #root = Deno.makeTempDirSync({ prefix: "looop-asks-" });
  readonly dir = join(this.#root, "asks");

  async worker(prompt = "Which one?", more: { options?: string[]; incarnation?: string } = {}) {
    const asked = { session: "w1", incarnation: "i1", prompt, ...more };
    return (await raiseWorkerQuestion(this.dir, asked)).question.id;
  }

  async gate(move: Record<string, string> = MOVE) {
    return (await raiseGateQuestion(this.dir, { move, prompt: "May I?" })).question.id;
  }

  /** Names in the folder that are neither the lock nor the archive. */
  get names() {
    return [...Deno.readDirSync(this.dir)].map(({ name }) => name)
      .filter((name) => name !== ".lock" && name !== "answered");
  }

  [Symbol.dispose]() {
    Deno.removeSync(this.#root, { recursive: true });
  }
}

Deno.test("a question is listed until it is answered, then its answer is there to be taken once", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  equal(Deno.statSync(join(asks.dir, `${id}.json`)).mode! & 0o777, 0o600);
  deepEqual(listOpenQuestions(asks.dir, ALIVE).map((each) => each.id), [id]);
  ok(hasOpenQuestion(asks.dir, "w1", ALIVE));
  await answerQuestion(asks.dir, id, " the red one\n", { isAlive: ALIVE });
  deepEqual(listOpenQuestions(asks.dir, ALIVE), []);
  ok(!hasOpenQuestion(asks.dir, "w1", ALIVE));
  deepEqual(await waitForAnswer(asks.dir, id, { isAlive: ALIVE }), {
    kind: "answered",
    answer: "the red one",
  });
  await confirmDelivery(asks.dir, id);
  deepEqual(asks.names, []);
  equal(findQuestion(asks.dir, id)?.answer, "the red one");
  await rejects(answerQuestion(asks.dir, id, "x", { isAlive: ALIVE }), /has its answer/);
});

Deno.test("raiseWorkerQuestion() joins the same question of the same incarnation until its answer is delivered", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  equal(await asks.worker(), id);
  ok(await asks.worker("Another?") !== id);
  ok(await asks.worker("Which one?", { incarnation: "i2" }) !== id);
  await answerQuestion(asks.dir, id, "a", { isAlive: ALIVE });
  equal(await asks.worker(), id, "the answer that nobody has had yet");
  await confirmDelivery(asks.dir, id);
  ok(await asks.worker() !== id, "a new question");
});

Deno.test("answerQuestion() holds an answer to the options, or takes own words when told to", async () => {
  using asks = new Asks();
  const options = ["Main", "next"];
  const first = await asks.worker("Which?", { options });
  await rejects(
    answerQuestion(asks.dir, first, "other", { isAlive: ALIVE }),
    /none of the options/,
  );
  equal((await answerQuestion(asks.dir, first, "main", { isAlive: ALIVE })).answer, "Main");
  const second = await asks.worker("And now?", { options });
  const own = { isAlive: ALIVE, inOwnWords: true };
  equal((await answerQuestion(asks.dir, second, "neither", own)).answer, "neither");
  await rejects(
    answerQuestion(asks.dir, "nosuch", "x", { isAlive: ALIVE }),
    /no question "nosuch"/,
  );
  await rejects(answerQuestion(asks.dir, "../x", "x", { isAlive: ALIVE }), /no question/);
});

Deno.test("a gate question takes yes or no with a reason, and nothing else", async () => {
  using asks = new Asks();
  const id = await asks.gate();
  for (const text of ["maybe", "yesterday", "nope", "y", ""]) {
    await rejects(answerQuestion(asks.dir, id, text, { isAlive: ALIVE, inOwnWords: true }));
  }
  equal((await answerQuestion(asks.dir, id, "YES: go", { isAlive: ALIVE })).answer, "yes go");
});

Deno.test("waitForAnswer() returns when the answer comes, long before its safety net", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  const waiting = waitForAnswer(asks.dir, id, { isAlive: ALIVE, timeoutMs: 30_000 });
  using any = makeWaiter(asks.dir);
  const anything = any.wait(performance.now() + 30_000);
  ok(asks.names.some((name) => name.startsWith(`.wake-${id}-`)));
  const start = performance.now();
  await answerQuestion(asks.dir, id, "now", { isAlive: ALIVE });
  deepEqual(await waiting, { kind: "answered", answer: "now" });
  await anything;
  ok(performance.now() - start < 1000, `${performance.now() - start} ms`);
  equal(asks.names.filter((name) => name.startsWith(".wake")).length, 1, "only the one still held");
});

Deno.test("waitForAnswer() gives up at its timeout and leaves the question open", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  deepEqual(await waitForAnswer(asks.dir, id, { isAlive: ALIVE, timeoutMs: 50 }), {
    kind: "timeout",
  });
  equal(listOpenQuestions(asks.dir, ALIVE).length, 1);
});

Deno.test("a question ends with the incarnation that asked it", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  await asks.gate();
  let isThere = true;
  const isAlive: IsAlive = (session, incarnation) =>
    isThere && session === "w1" && incarnation === "i1";
  const waiting = waitForAnswer(asks.dir, id, { isAlive, timeoutMs: 30_000 });
  isThere = false;
  deepEqual(listOpenQuestions(asks.dir, isAlive).map(({ kind }) => kind), ["gate"]);
  await rejects(answerQuestion(asks.dir, id, "late", { isAlive }), /is gone/);
  deepEqual((await closeGone(asks.dir, isAlive)).map((each) => each.id), [id]);
  deepEqual(await waiting, { kind: "gone" });
  deepEqual(await closeGone(asks.dir, isAlive), []);
  deepEqual(
    listAllQuestions(asks.dir, isAlive).map(({ kind, state }) => [kind, state]),
    [["worker", "gone"], ["gate", "open"]],
  );
  await rejects(answerQuestion(asks.dir, id, "later", { isAlive }), /is gone/);
});

Deno.test("a yes lets exactly the move that was asked about begin, once", async () => {
  using asks = new Asks();
  const id = await asks.gate();
  equal(await asks.gate({ reason: "done", cmd: "git push", action: "run_shell" }), id, "joined");
  await rejects(takeLeave(asks.dir, id), /gives no leave/);
  await answerQuestion(asks.dir, id, "yes", { isAlive: ALIVE });
  equal(await asks.gate(), id, "still the same question until its move is made");
  const [answer] = listGateAnswers(asks.dir);
  deepEqual([answer?.id, answer?.isYes, answer?.move], [id, true, MOVE]);
  deepEqual(await takeLeave(asks.dir, id), MOVE);
  await rejects(takeLeave(asks.dir, id), /begun before/);
  deepEqual(listGateAnswers(asks.dir), []);
  await closeGateQuestion(asks.dir, id, "made");
  await closeGateQuestion(asks.dir, id, "made");
  equal(findQuestion(asks.dir, id)?.outcome, "made");
  ok(await asks.gate() !== id, "asked again, it is a new question");
});

Deno.test("a gate question of a megabyte is kept whole", async () => {
  using asks = new Asks();
  const cmd = "\x01".repeat(1024 * 1024);
  const { question } = await raiseGateQuestion(asks.dir, { move: { cmd }, prompt: cmd });
  equal(listOpenQuestions(asks.dir, ALIVE)[0]?.prompt, cmd);
  await answerQuestion(asks.dir, question.id, "yes", { isAlive: ALIVE });
  deepEqual(await takeLeave(asks.dir, question.id), { cmd });
});

Deno.test("takeLeave() refuses a no and a move that was changed behind its question", async () => {
  using asks = new Asks();
  const no = await asks.gate();
  await answerQuestion(asks.dir, no, "no not today", { isAlive: ALIVE });
  equal(listGateAnswers(asks.dir)[0]?.isYes, false);
  await rejects(takeLeave(asks.dir, no), /answered with no/);
  const changed = await asks.gate({ action: "run_shell", cmd: "git push origin a" });
  await answerQuestion(asks.dir, changed, "yes", { isAlive: ALIVE });
  const question = findQuestion(asks.dir, changed)!;
  putQuestion(asks.dir, { ...question, move: { action: "run_shell", cmd: "git push -f" } });
  await rejects(takeLeave(asks.dir, changed), /not the one that was asked about/);
});

Deno.test("answersSince() finds answers delivered and not, by the time they were given", async () => {
  using asks = new Asks();
  const at = (minute: number) => new Date(Date.UTC(2026, 4, 31, 23, minute));
  const ids = [];
  for (const minute of [10, 20, 30]) {
    const id = await asks.worker(`at ${minute}`);
    await answerQuestion(asks.dir, id, "ok", { isAlive: ALIVE, now: at(minute) });
    ids.push(id);
  }
  await confirmDelivery(asks.dir, ids[0]!, at(59));
  await confirmDelivery(asks.dir, ids[1]!, new Date(Date.UTC(2026, 5, 1)));
  deepEqual(answersSince(asks.dir, at(20)).map(({ prompt }) => prompt), ["at 20", "at 30"]);
  deepEqual(answersSince(asks.dir, at(5)).length, 3);
  deepEqual(answersSince(asks.dir, at(31)), []);
});

Deno.test("what looop did not write is no question, whatever lies in the folder", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  Deno.copyFileSync(join(asks.dir, `${id}.json`), join(asks.dir, "copy.json"));
  Deno.writeTextFileSync(join(asks.dir, "junk.json"), "{");
  Deno.mkdirSync(join(asks.dir, "folder.json"));
  Deno.symlinkSync(join(asks.dir, `${id}.json`), join(asks.dir, "link.json"));
  new Deno.Command("mkfifo", { args: [join(asks.dir, "fifo.json")] }).outputSync();
  deepEqual(listOpenQuestions(asks.dir, ALIVE).map((each) => each.id), [id]);
  await closeGone(asks.dir, ALIVE);
  equal(readArchive(asks.dir).length, 0);
});

Deno.test("reading a folder that does not exist creates nothing", async () => {
  using asks = new Asks();
  deepEqual(listAllQuestions(asks.dir, ALIVE), []);
  deepEqual(await closeGone(asks.dir, ALIVE), []);
  await rejects(answerQuestion(asks.dir, "abc", "x", { isAlive: ALIVE }));
  match(await Deno.stat(asks.dir).then(() => "there", String), /NotFound/);
});

Deno.test("the archive keeps a bounded number of questions, the newest", async () => {
  using asks = new Asks();
  const id = await asks.worker();
  const question = JSON.stringify({ ...findQuestion(asks.dir, id), id: "old" });
  const month = join(asks.dir, "answered", "2020-01");
  Deno.mkdirSync(month, { recursive: true });
  for (let n = 0; n < ARCHIVE_KEEP + 5; n++) {
    Deno.writeTextFileSync(join(month, `${n}`.padStart(14, "0") + "-old.json"), question);
  }
  await answerQuestion(asks.dir, id, "x", { isAlive: ALIVE });
  await confirmDelivery(asks.dir, id);
  const kept = readArchive(asks.dir);
  equal(kept.length, ARCHIVE_KEEP);
  equal(kept[0]?.id, id);
});

Deno.test("raising is bounded: empty, huge and too many questions are refused", async () => {
  using asks = new Asks();
  await rejects(asks.worker(" "), /empty/);
  await rejects(asks.worker("x".repeat(20_000)), /longer than/);
  await rejects(asks.worker("x", { options: ["a", "A"] }), /options/);
  for (let count = 0; count < 50; count++) await asks.worker(`number ${count}`);
  await rejects(asks.worker("one more"), /50 questions that wait/);
});
