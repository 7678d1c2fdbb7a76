import { deepEqual, equal, match, ok } from "node:assert/strict";
import { ACTION_SCHEMAS } from "../../src/decide/decision.ts";
import { parseConfig } from "../../src/profile/config.ts";
import { findProgram } from "../../src/profile/find_program.ts";
import { BUILT_IN_RUNNERS } from "../../src/profile/runners.ts";
import { DECIDE_INSTRUCTIONS, SEED_CONFIG, SEED_FILES } from "../../src/profile/seed_texts.ts";

const env = (name: string) => Deno.env.get(name);

Deno.test("the seeded config is valid, names the built-in runners as they are, and sets no knob", () => {
  for (const name of ["pi", "claude"]) {
    const config = parseConfig(SEED_CONFIG.replace("{{default}}", name), "looop.json");
    equal(config.defaultRunner, name);
    deepEqual(config.runners, BUILT_IN_RUNNERS);
    deepEqual(config.warnings, []);
    deepEqual(config.knobs, {});
  }
});

Deno.test("the decide instructions describe every action with every one of its fields", () => {
  for (const [name, schema] of Object.entries(ACTION_SCHEMAS)) {
    const row = DECIDE_INSTRUCTIONS.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
    ok(row, `no row for ${name}`);
    for (const field of Object.keys(schema.shape)) {
      const place = ["journal", "next_interval_s"].includes(field) ? DECIDE_INSTRUCTIONS : row;
      ok(field === "action" || place.includes(`\`${field}\``), `${name} does not name ${field}`);
    }
  }
});

Deno.test("the decide instructions say what waits for a yes as the gate has it, and what a failed command is", () => {
  match(DECIDE_INSTRUCTIONS, /merge, any push, publish/);
  match(DECIDE_INSTRUCTIONS, /`run_shell` that exits non-zero has failed.*`\|\| true`/);
});

Deno.test("the examples in the decide instructions are decisions that looop would take", () => {
  const examples = DECIDE_INSTRUCTIONS.split("\n").filter((line) => line.startsWith('{"action"'));
  ok(examples.length >= 3);
  for (const example of examples) {
    const decision = JSON.parse(example);
    const schema = Object.entries(ACTION_SCHEMAS).find(([name]) => name === decision.action)?.[1];
    if (schema) ok(schema.safeParse(decision).success, example);
  }
});

Deno.test("seeded goals open with a frontmatter whose goal is one line", () => {
  for (const { path, text } of SEED_FILES) {
    if (path.startsWith("goals/")) match(text, /^---\ngoal: \S.*\n---\n/);
  }
});

Deno.test("sensors/today.sh prints the date as a signal, under sh and under bash", async () => {
  const script = SEED_FILES.find(({ path }) => path === "sensors/today.sh")!.text;
  for (const shell of ["sh", "bash"]) {
    const { stdout } = await new Deno.Command(shell, { args: ["-c", script], env: { LC_ALL: "C" } })
      .output();
    const { signal, detail } = JSON.parse(new TextDecoder().decode(stdout));
    deepEqual(Object.keys(signal), ["date", "weekday"]);
    match(signal.date, /^\d{4}-\d\d-\d\d$/);
    match(signal.weekday, /^[A-Z][a-z]+day$/);
    match(detail.time, /^\d\d:\d\d$/);
  }
});

Deno.test({
  name: "seeded sensors pass shellcheck (needs shellcheck)",
  ignore: findProgram("shellcheck", env) === undefined,
  async fn() {
    for (const { path, text } of SEED_FILES) {
      if (!path.endsWith(".sh")) continue;
      const file = await Deno.makeTempFile({ suffix: ".sh" });
      await Deno.writeTextFile(file, text);
      const { code, stdout } = await new Deno.Command("shellcheck", { args: [file] }).output();
      await Deno.remove(file);
      equal(code, 0, new TextDecoder().decode(stdout));
    }
  },
});
