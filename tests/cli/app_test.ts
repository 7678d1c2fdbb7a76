import { equal, match, ok } from "node:assert/strict";
import { argumentsOf, flagsOf } from "../../src/cli/parameter_docs.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { Home } from "../helpers/home.ts";

const MISTAKES: readonly (readonly [line: string, says: string])[] = [
  ["statsu", 'looop: no verb "statsu"; did you mean "status"?'],
  ["zzzzz", 'looop: no verb "zzzzz"; see `looop --help`'],
  ["foo", 'looop: no verb "foo"; see `looop --help`'],
  ["strat", 'looop: no verb "strat"; did you mean "start-session"?'],
  ["status --jsno", 'looop status: no flag "--jsno"; did you mean --json?'],
  ["status --zzzzz", 'looop status: no flag "--zzzzz"; see `looop status --help`'],
  ["status -q", 'looop status: no flag "-q"; see `looop status --help`'],
  ["status now", 'looop status: "now" is one argument too many; see `looop status --help`'],
  ["_cost session", "looop _cost: <id> is missing; see `looop _cost --help`"],
  ["_fmt pi --id", "looop _fmt: --id needs a value; see `looop _fmt --help`"],
  ["_fmt cobol", "looop _fmt: format: "],
];

for (const [line, says] of MISTAKES) {
  Deno.test(`looop ${line} says in one line what is wrong and exits 2`, async () => {
    using home = new Home();
    const { code, stdout, stderr } = await home.looop(line.split(" "));
    equal(code, 2);
    equal(stdout, "");
    equal(stderr.split("\n").length, 2, stderr);
    if (says.endsWith(" ")) ok(stderr.startsWith(says), stderr);
    else equal(stderr, `${says}\n`);
  });
}

Deno.test("looop <verb> shows control characters of a mistyped word to nobody's terminal", async () => {
  using home = new Home();
  const { stderr } = await home.looop(["sta\x1b[2Jtus\x07\n!"]);
  equal(/[\x00-\x09\x0b-\x1f]/.test(stderr), false, JSON.stringify(stderr));
});

Deno.test("looop --help lists every verb that is not hidden, under its heading, and exits 0", async () => {
  using home = new Home();
  const { code, stdout, stderr } = await home.looop(["--help"]);
  equal(code, 0);
  equal(stderr, "");
  for (const { name, group, brief } of VERBS) {
    equal(stdout.includes(`  ${name} `) && stdout.includes(brief), group !== "hidden", name);
  }
  for (const row of stdout.split("\n")) ok(row.length <= 100, `too wide: ${row}`);
});

Deno.test("every verb's --help has its usage, each argument and flag, and an example", async () => {
  using home = new Home();
  const texts = await Promise.all(VERBS.map(async (verb) => {
    const { code, stdout } = await home.looop([verb.name, "--help"]);
    equal(code, 0, verb.name);
    return { verb, stdout };
  }));
  for (const { verb, stdout } of texts) {
    ok(stdout.startsWith(`${verb.brief}.\n\nUsage: looop`), stdout);
    ok(stdout.includes(`Example: ${verb.example}\n`), stdout);
    for (const { name, brief } of flagsOf(verb)) {
      ok(stdout.includes(name) && stdout.includes(brief));
    }
    for (const { shown, brief } of argumentsOf(verb)) {
      ok(stdout.includes(`  ${shown}`) && stdout.includes(brief), stdout);
    }
    match(verb.brief, /^[A-Z].*[^.]$/);
  }
});

Deno.test("looop --help is coloured when LOOOP_COLOR asks, whatever stdout is", async () => {
  using home = new Home();
  const coloured = await home.looop(["--help"], { env: { LOOOP_COLOR: "always" } });
  ok(coloured.stdout.includes("\x1b["));
  const plain = await home.looop(["--help"], { env: { LOOOP_COLOR: "never" } });
  ok(!plain.stdout.includes("\x1b["));
});

Deno.test("a reader that leaves early ends the program quietly", () => {
  using home = new Home();
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const { stdout, stderr } = new Deno.Command("bash", {
    args: [
      "-c",
      `"${Deno.execPath()}" run -A --no-check -q "${main}" --help | :; echo "\${PIPESTATUS[0]}"`,
    ],
    env: home.env(),
    clearEnv: true,
  }).outputSync();
  equal(new TextDecoder().decode(stderr), "");
  equal(new TextDecoder().decode(stdout), "0\n");
});

Deno.test("LOOOP_LOG_FORMAT=json makes every line of a beat one JSON object", async () => {
  using home = new Home();
  home.decideAlways({ action: "noop", reason: "all is well" });
  const { code, stdout } = await home.looop(["tick"], { env: { LOOOP_LOG_FORMAT: "json" } });
  equal(code, 0);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  ok(events.some(({ event }) => event === "acted"), stdout);
  for (const { ts, level, event, msg } of events) ok(ts && level && event && msg, stdout);
});
