import { deepEqual, equal, match, ok } from "node:assert/strict";
import { raiseGateQuestion } from "../../src/question/raise_question.ts";
import { startSession } from "../../src/session/start_session.ts";
import { waitForExit } from "../../src/session/wait_session.ts";
import { Home } from "../helpers/home.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const LOOOP = [Deno.execPath(), "run", "-A", "--no-check", "--quiet", MAIN] as const;
const DEADLINE_MS = 30_000;

/** Starts a real worker that runs a bash script; `$LOOOP` runs looop in it. */
async function startWorker(home: Home, id: string, script: string): Promise<void> {
  Deno.mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  await startSession(id, {
    sessionsDir: `${home.dataDir}/sessions`,
    supervisor: [...LOOOP, "_supervise"],
    command: ["bash", "-c", script],
    cwd: home.dir,
    env: home.env({ LOOOP: LOOOP.map((word) => `'${word}'`).join(" ") }),
  });
}

/** Waits until the open questions are so many. */
async function openQuestions(home: Home, count: number): Promise<readonly { id: string }[]> {
  const deadline = performance.now() + DEADLINE_MS;
  let last = "";
  while (performance.now() < deadline) {
    const { code, stdout } = await home.looop(["asks", "--json"]);
    last = stdout;
    if (code === 0 && JSON.parse(stdout).length === count) return JSON.parse(stdout);
  }
  throw new Error(`expected ${count} questions, there are: ${last}`);
}

Deno.test("a worker asks, a person answers, and the worker gets the answer and nothing else", async () => {
  using home = new Home();
  await startWorker(
    home,
    "w1",
    `eval "$LOOOP ask w1 --prompt $'Which\\e[2J one?' --options red,blue" > answer.txt 2> said.txt; echo $? >> answer.txt`,
  );
  const [question] = await openQuestions(home, 1);
  const { id } = question!;
  deepEqual({ ...question, id: "", raised_at: "" }, {
    id: "",
    session: "w1",
    kind: "worker",
    prompt: "Which\x1b[2J one?",
    options: ["red", "blue"],
    ref: null,
    raised_at: "",
    state: "open",
  });
  const listed = await home.looop(["asks"]);
  match(listed.stdout, /w1[^]*Which one\?[^]*options: red, blue/);
  ok(!listed.stdout.includes("\x1b"), "nothing raw on the terminal");
  const wrong = await home.looop(["answer", id, "green"]);
  equal(wrong.code, 2);
  match(wrong.stderr, /none of the options; write one of "red", "blue"/);
  equal((await home.looop(["answer", id, "-"], { stdin: "Blue\n" })).code, 0);
  await waitForExit(`${home.dataDir}/sessions`, "w1", DEADLINE_MS);
  equal(Deno.readTextFileSync(`${home.dir}/answer.txt`), "blue\n0\n");
  const again = await home.looop(["answer", id, "red"]);
  equal(again.code, 1);
  match(again.stderr, /has its answer: "blue"/);
  equal((await home.looop(["asks", "--json"])).stdout, "[]\n");
  match((await home.looop(["asks", "--all"])).stdout, /closed[^]*answer: blue/);
});

Deno.test("ask exits 124 at its timeout, and asking the same again gets the answer that came meanwhile", async () => {
  using home = new Home();
  await startWorker(
    home,
    "w2",
    `eval "$LOOOP ask w2 --prompt again --timeout 200ms"; echo $? > first.txt
     until [ -e go ]; do sleep 0.1; done
     eval "$LOOOP ask w2 --prompt again" > second.txt`,
  );
  const [question] = await openQuestions(home, 1);
  const deadline = performance.now() + DEADLINE_MS;
  const first = () => {
    try {
      return Deno.readTextFileSync(`${home.dir}/first.txt`);
    } catch {
      return ""; // Not there yet.
    }
  };
  while (first() === "" && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  equal(first(), "124\n");
  equal((await home.looop(["answer", question!.id, "well", "done"])).code, 0);
  Deno.writeTextFileSync(`${home.dir}/go`, "");
  await waitForExit(`${home.dataDir}/sessions`, "w2", DEADLINE_MS);
  equal(Deno.readTextFileSync(`${home.dir}/second.txt`), "well done\n");
});

Deno.test("a question whose worker ended is gone: listed with --all, and not to be answered", async () => {
  using home = new Home();
  await startWorker(
    home,
    "w3",
    `eval "$LOOOP ask w3 --prompt why --timeout 300ms"; until [ -e go ]; do sleep 0.1; done`,
  );
  const [question] = await openQuestions(home, 1);
  Deno.writeTextFileSync(`${home.dir}/go`, "");
  await waitForExit(`${home.dataDir}/sessions`, "w3", DEADLINE_MS);
  equal((await home.looop(["asks", "--json"])).stdout, "[]\n");
  match((await home.looop(["asks", "--all"])).stdout, /w3 .*gone/);
  const late = await home.looop(["answer", question!.id, "because"]);
  equal(late.code, 1);
  match(late.stderr, /is gone: session "w3" ended/);
  const dead = await home.looop(["ask", "w3", "--prompt", "x"]);
  equal(dead.code, 1);
  match(dead.stderr, /not alive/);
});

Deno.test("answer refuses a gate question inside of looop's own children, and says why", async () => {
  using home = new Home();
  Deno.mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  const { question } = await raiseGateQuestion(`${home.dataDir}/asks`, {
    move: { action: "run_shell", cmd: "git push" },
    prompt: "May looop run: git push",
  });
  const marks: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ LOOOP_SESSION_ID: "w1" }, /inside session "w1"/],
    [{ LOOOP_INSIDE: "sensor" }, /inside a sensor/],
    [{ LOOOP_INSIDE: "runner" }, /inside a tick runner/],
    [{ LOOOP_INSIDE: "run_shell" }, /inside a run_shell/],
  ];
  for (const [env, why] of marks) {
    const refused = await home.looop(["answer", question.id, "yes"], { env });
    equal(refused.code, 1);
    match(refused.stderr, why);
  }
  equal((await openQuestions(home, 1))[0]?.id, question.id);
  const maybe = await home.looop(["answer", question.id, "maybe"]);
  equal(maybe.code, 2);
  match(maybe.stderr, /takes yes or no/);
  equal((await home.looop(["answer", question.id, "yes", "it", "is", "reviewed"])).code, 0);
  equal((await home.looop(["asks"])).stdout, "");
});

Deno.test("asks and answer on a missing profile say so and create nothing", async () => {
  using home = new Home();
  for (const args of [["asks"], ["answer", "abc", "yes"], ["ask", "w", "--prompt", "x"]]) {
    const { code, stderr } = await home.looop(args);
    equal(code, 1);
    match(stderr, /no profile at/);
  }
  equal([...Deno.readDirSync(home.dir)].length, 0);
});
