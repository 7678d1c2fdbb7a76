import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readManual } from "../../src/cli/manual.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { HELP_TOPICS } from "../../src/cli/verbs/help.ts";
import { ACTION_SCHEMAS } from "../../src/decide/decision.ts";
import { knobEntries } from "../../src/profile/knobs.ts";
import { Home } from "../helpers/home.ts";

const topics = readManual({ verbs: VERBS, dataDir: "/data", config: "/config" });
const bodyOf = (name: string) => topics.find((topic) => topic.name === name)?.body ?? "";

Deno.test("the manual's topics are those that `looop help` names", () => {
  deepEqual(topics.map(({ name }) => name), [...HELP_TOPICS]);
});

Deno.test("the manual fits a terminal of 100 columns and leaves no placeholder", () => {
  for (const { name, body } of topics) {
    // The one that runners are written with is theirs to fill.
    ok(!body.replaceAll("{{prompt_file}}", "").includes("{{"), name);
    for (const line of body.split("\n")) ok(line.length <= 100, `${name}: ${line}`);
  }
});

Deno.test("the manual names every action, every knob and every verb", () => {
  for (const action of Object.keys(ACTION_SCHEMAS)) {
    match(bodyOf("actions"), new RegExp(`^  ${action} `, "m"));
  }
  for (const [, knob] of knobEntries()) ok(bodyOf("env").includes(`  ${knob.env}\n`), knob.env);
  for (const { name, group } of VERBS) {
    const isNamed = bodyOf("verbs").split("\n").some((line) => line.startsWith(`  ${name}`));
    equal(isNamed, group !== "hidden", name);
  }
});

Deno.test("looop help prints the whole manual with this profile's paths and creates nothing", async () => {
  using home = new Home("my data");
  const { code, stdout, stderr } = await home.looop(["help"]);
  equal(code, 0);
  equal(stderr, "");
  ok(stdout.includes(home.dataDir) && stdout.includes(home.configPath));
  for (const { title } of topics) ok(stdout.includes(`\n${title.toUpperCase()}\n`), title);
  deepEqual([...Deno.readDirSync(home.dir)], []);
});

Deno.test("looop help <topic> prints that topic alone; a verb's name prints the verb's help", async () => {
  using home = new Home();
  const gate = await home.looop(["help", "gate"]);
  match(gate.stdout, /^THE GATE AND YOUR YES\n/);
  ok(!gate.stdout.includes("ONE BEAT"));
  match(
    (await home.looop(["help", "tick"])).stdout,
    /^Run one beat and exit\.\n\nUsage: looop tick/,
  );
});

Deno.test("the runner that looop help runners shows decides, and its cost is known", async () => {
  using home = new Home("my data");
  const [, script = ""] = /^( {2}#!\/bin\/sh\n(?: {2}.*\n)+)/m.exec(bodyOf("runners")) ?? [];
  home.write("../decide", script.replace(/^ {2}/gm, ""), 0o700);
  home.write("PLAYBOOK.md", "# Playbook\n");
  home.write("sensors/shop.sh", `cat ${home.dir}/dirty.json`);
  home.configure("~/decide", { max_daily_usd: 1 });
  for (const [dirty, line] of [[0, /^noop: all is committed/], [2, /uncommitted work/]] as const) {
    home.write("../dirty.json", JSON.stringify({ signal: { dirty } }));
    const ran = await home.looop(["tick"]);
    equal(ran.code, 0, ran.stdout + ran.stderr);
    match(home.journal.at(-1)!, line);
  }
  match((await home.looop(["cost", "--json"])).stdout, /"runner":"script"/);
  equal((await home.looop(["cost"])).stdout.includes("named no cost"), false);
});

Deno.test("looop help <typo> names the nearest topic and exits 2", async () => {
  using home = new Home();
  const { code, stderr } = await home.looop(["help", "evn"]);
  equal(code, 2);
  equal(stderr, 'looop help: no topic "evn"; did you mean "env"?\n');
});

Deno.test("who looks for settings in looop help config is sent to the right page", async () => {
  using home = new Home();
  match((await home.looop(["help", "config"])).stdout, /`looop help env`/);
});

Deno.test("looop help is readable where no profile can be found", async () => {
  using home = new Home();
  const env = { LOOOP_DATA_DIR: "", HOME: "", LOOOP_CONFIG: "" };
  const { code, stdout } = await home.looop(["help", "files"], { env });
  equal(code, 0);
  match(stdout, /neither HOME nor LOOOP_DATA_DIR is set/);
});
