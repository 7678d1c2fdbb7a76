import { deepEqual, equal, match, ok } from "node:assert/strict";
import { findProgram } from "../../src/profile/find_program.ts";
import { Home } from "../helpers/home.ts";

interface Found {
  readonly name: string;
  readonly state: string;
  readonly found: string;
  readonly mend: string;
}

async function examine(home: Home, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await home.looop(["doctor", "--json"], { env });
  equal(stderr, "");
  const checks: readonly Found[] = JSON.parse(stdout);
  return { code, checks, find: (name: string) => checks.find((check) => check.name === name)! };
}

Deno.test("looop doctor finds nothing wrong where all is there, and leaves nothing behind", async () => {
  using home = new Home();
  home.configure("cat");
  const { code, checks, find } = await examine(home, { LANG: "C.UTF-8" });
  equal(code, 0, JSON.stringify(checks));
  for (const { state, mend, name } of checks) {
    if (name !== "git" && name !== "tmux") equal(`${name} ${state} ${mend}`, `${name} ok `);
  }
  match(find("pty").found, /a trial session ran on a terminal/);
  deepEqual([...Deno.readDirSync(home.dir)].map(({ name }) => name), ["looop.json"]);
});

Deno.test("looop doctor names what is missing, how to get it, and exits 1", async () => {
  using home = new Home();
  const env = { PATH: `${home.dir}/nothing`, LANG: "C" };
  const { code, find } = await examine(home, env);
  equal(code, 1);
  equal(find("agent").state, "fail");
  match(find("agent").mend, /npm install -g @earendil-works\/pi-coding-agent/);
  match(find("agent").mend, /npm install -g @anthropic-ai\/claude-code.* as "default"/);
  equal(find("bash").state, "fail");
  equal(find("git").state, "warn");
  equal(find("tmux").state, "warn");
  equal(find("locale").state, "warn");
});

Deno.test("looop doctor reports a broken config with its line, and a wrong limit", async () => {
  using home = new Home();
  Deno.writeTextFileSync(home.configPath, '{\n  "interval": "soon"\n}\n');
  const broken = await examine(home);
  equal(broken.code, 1);
  match(broken.find("config").found, /looop\.json:2: interval/);
  Deno.writeTextFileSync(home.configPath, '{ "intervall": 5 }\n');
  match((await examine(home)).find("config").found, /unknown key "intervall"/);
  Deno.writeTextFileSync(home.configPath, '{ "runners": { "mine": { "tick": " " } } }\n');
  match((await examine(home)).find("config").found, /runners\.mine\.tick = " ": write a command/);
  Deno.writeTextFileSync(home.configPath, "{}");
  const limit = await examine(home, { LOOOP_MAX_DAILY_USD: "lots" });
  equal(limit.code, 1);
  match(limit.find("config").found, /LOOOP_MAX_DAILY_USD/);
});

Deno.test("looop doctor counts the gate's rules, and names one that is none", async () => {
  using home = new Home();
  const gate = (rules: object) =>
    Deno.writeTextFileSync(home.configPath, JSON.stringify({ gate: rules }));
  gate({ ask: ["^todo done"] });
  const fine = (await examine(home)).find("gate");
  equal(fine.state, "ok");
  match(fine.found, /^\d+ built-in rules, 1 of your own$/);
  gate({ without: ["git-psh"] });
  const wrong = (await examine(home)).find("gate");
  equal(wrong.state, "fail");
  equal(wrong.found, `config ${home.configPath}: gate.without names no rule: "git-psh"`);
  match(wrong.mend, /^did you mean "git-push"\? the rules are .*delete-files/);
});

Deno.test("looop doctor tells of a data dir that is open to others, and of one that is a file", async () => {
  using home = new Home("my 'data'");
  home.configure("cat");
  Deno.mkdirSync(home.dataDir);
  Deno.chmodSync(home.dataDir, 0o755);
  const open = await examine(home);
  equal(open.code, 0);
  equal(open.find("data dir").state, "warn");
  match(open.find("data dir").mend, /^chmod 700 /);
  Deno.removeSync(home.dataDir);
  Deno.writeTextFileSync(home.dataDir, "");
  const file = await examine(home);
  equal(file.code, 1);
  match(file.find("data dir").found, /is no folder/);
});

Deno.test("looop doctor prints a line for each check, with the remedy below it", async () => {
  using home = new Home();
  home.configure("surely-not-installed-here");
  const { code, stdout } = await home.looop(["doctor"]);
  equal(code, 1);
  match(stdout, /^✗ fail {2}agent +the agent program "surely-not-installed-here"/m);
  match(stdout, /^ +→ install "surely-not-installed-here"/m);
  match(stdout, /^✓ ok {4}pty/m);
  ok(findProgram("bash", (name) => Deno.env.get(name)));
});
