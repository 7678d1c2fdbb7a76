import { equal, match, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";

/** Clears the screen, sets a title, rings, hides the line, turns the text, forges a line, ends a string. */
const EVIL = "\x1b[2J\x1b]0;owned\x07\x00\x9b31m\u202eevil\r\n- 2026-01-01 00:00 forged\x7f\u2028x";
/** As much of it as a command line can carry. */
const EVIL_ARGUMENT = EVIL.replaceAll("\0", "");
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/;

function isClean(text: string, about: string): void {
  const at = text.search(RAW);
  ok(at < 0, `${about}: raw control at ${at}: ${JSON.stringify(text.slice(at - 40, at + 40))}`);
  ok(!/^- 2026-01-01 00:00 forged/m.test(text), `${about}: a forged line`);
}

Deno.test("control characters in readings, goals, notes, prompts and moves never reach the terminal", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", `# P ${EVIL}\n`);
  home.write("goals/a.md", `goal: ${EVIL}\n`);
  home.write("../evil.json", JSON.stringify({ signal: { [EVIL]: EVIL } }));
  home.write("sensors/evil.sh", `cat '${home.dir}/evil.json'; printf '\\033[2J' >&2`);
  home.write("sensors/bad.sh", "printf '\\033[2J not json'");
  home.write("claims/c.json", JSON.stringify({ name: EVIL, session: EVIL }));
  home.write(
    "cost.jsonl",
    JSON.stringify({
      ts: new Date().toISOString(),
      kind: "tick",
      id: EVIL,
      runner: EVIL,
      cost_usd: 1,
    }) +
      "\n",
  );
  const look = async (args: readonly string[], code = 0) => {
    const ran = await home.looop(args, { timeoutMs: 60_000 });
    equal(ran.code, code, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
    isClean(ran.stdout + ran.stderr, args.join(" "));
    return ran;
  };
  home.decideAlways({ action: "noop", reason: EVIL, journal: EVIL });
  await look(["tick"]);
  equal(home.journal.length, 1);
  equal(home.read("journal.md")!.trim().split("\n").length, 1);
  home.decideAlways({ action: "send_notification", message: EVIL, journal: EVIL });
  await look(["tick", "--force"]);
  home.decideAlways({ action: "run_shell", cmd: `git push ${EVIL_ARGUMENT}`, reason: EVIL });
  await look(["tick", "--dry-run", "--force"]);
  await look(["tick", "--force"]);
  home.decideAlways(`{"action":"noop","${EVIL_ARGUMENT}":1}`);
  await look(["tick", "--force"], 1);

  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.interactive = "printf '\\033[2J\\033]0;t\\007hello\\n'; read x; exit 3";
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
  await look(["start-session", "w", EVIL_ARGUMENT]);
  try {
    await look(["flag", "w", EVIL_ARGUMENT]);
    await look(["expect", "w", "hello"]);
    const asking = home.looop(
      ["ask", "w", "--prompt", EVIL_ARGUMENT, "--ref", EVIL_ARGUMENT, "--timeout", "60s"],
    );
    const deadline = performance.now() + 30_000;
    let question: { id: string } | undefined;
    while (question === undefined) {
      ok(performance.now() < deadline, "the question never came up");
      question = JSON.parse((await look(["asks", "--json"])).stdout)
        .find(({ kind }: { kind: string }) => kind === "worker");
    }
    const verbs = [
      "status",
      "ls",
      "asks",
      "journal",
      "why",
      "cost",
      "log w",
      "shot w",
      "asks --all",
    ];
    for (const verb of [...verbs, "why --last"]) {
      const args = verb.split(" ");
      await look(args);
      if (!verb.startsWith("shot")) {
        const json = await look([...args, "--json"]);
        for (
          const line of verb === "journal" || verb === "log w" ? json.stdout.trim().split("\n") : []
        ) {
          JSON.parse(line);
        }
      }
    }
    await look(["answer", question.id, EVIL_ARGUMENT]);
    equal((await asking).code, 0);
    await look(["asks", "--all"]);
    // Foreground lines come from events: each was folded when it was made.
    for (const line of home.read("events.jsonl")!.trim().split("\n")) {
      isClean(JSON.parse(line).msg, "events.jsonl");
    }
  } finally {
    await look(["kill", "w"]);
  }
  // As arguments of verbs that refuse them.
  for (const verb of ["kill", "shot", "answer", "nonsense", "cost"]) {
    const ran = await home.looop([verb, EVIL_ARGUMENT, "x"]);
    ok(ran.code === 1 || ran.code === 2, verb);
    isClean(ran.stderr, verb);
  }
});

Deno.test("goals of 10 MB, readings of many keys and a NUL in each do not stop the beat, and growth wakes it", async () => {
  using home = new Home();
  const big = "goal: big \0\n" + "x".repeat(10 * 1024 * 1024);
  home.write("PLAYBOOK.md", "# P\n");
  for (const name of ["a", "b"]) home.write(`goals/${name}.md`, big);
  home.write(
    "sensors/deep.sh",
    `printf '%s' "$(printf '[%.0s' {1..3000})" "$(printf ']%.0s' {1..3000})"`,
  );
  home.decideAlways({ action: "noop", reason: "calm" });
  const first = await home.looop(["tick"], { timeoutMs: 60_000 });
  equal(first.code, 0, first.stdout + first.stderr);
  ok(home.prompt.length < 1_000_000, `a prompt of ${home.prompt.length}`);
  match(home.prompt, /cut/);
  equal((await home.looop(["tick"])).code, 0);
  equal(home.timesAsked, 1);
  home.write("goals/a.md", big + "y");
  equal((await home.looop(["tick"])).code, 0);
  equal(home.timesAsked, 2);
  const why = await home.looop(["why"], { timeoutMs: 60_000 });
  equal(why.code, 0, why.stderr);
});
