import { deepEqual as equal, ok } from "node:assert/strict";
import {
  compileGateRules,
  type GateConfig,
  judgeCommand,
  judgeTyped,
  textOfKeys,
  type Verdict,
} from "../../src/act/gate.ts";
import { BoundedRegex } from "../../src/act/gate/bounded_regex.ts";
import { LooopError } from "../../src/base/errors.ts";
import { ALLOWED, type CommandTable } from "./gate_allowed.ts";
import { ASKED } from "./gate_asked.ts";
import { DENIED } from "./gate_denied.ts";

const PLACE = { dataDir: "/home/ada/.local/state/looop", home: "/home/ada" };
const RULES = compileGateRules({}, PLACE);
const WEIGHT: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

for (
  const [verdict, table] of [["allow", ALLOWED], ["ask", ASKED], ["deny", DENIED]] as [
    Verdict,
    CommandTable,
  ][]
) {
  for (const [heading, commands] of Object.entries(table)) {
    Deno.test(`judgeCommand() says ${verdict} to ${heading} (${commands.length})`, () => {
      const wrong = commands.flatMap((command) => {
        const judged = judgeCommand(command, RULES);
        if (judged.verdict === verdict) return [];
        return [`${command} => ${judged.verdict} ${judged.rule} [${judged.matched}]`];
      });
      equal(wrong.join("\n"), "");
    });
  }
}

Deno.test("the table holds at least 220 commands, no command twice", () => {
  const commands = [ALLOWED, ASKED, DENIED].flatMap((table) => Object.values(table).flat());
  ok(commands.length >= 220, `${commands.length} commands`);
  equal(new Set(commands).size, commands.length);
});

const WRAPPERS: readonly ((command: string) => string)[] = [
  (command) => `sudo -n bash -c ${quote(command)}`,
  (command) => `bash -c ${quote(command)}`,
  (command) => `eval ${quote(command)}`,
  (command) => `true && { ${command}\n}`,
  (command) => `( ${command}\n)`,
  (command) => `echo "$(\n${command}\n)"`,
  (command) => `if true; then\n${command}\nfi`,
  (command) => `for i in 1 2; do\n${command}\ndone`,
  (command) => `f() {\n${command}\n}\nf`,
  (command) => `env -i A=1 sh -c ${quote(command)}`,
  (command) => `timeout -k 1 60 nohup bash -lc ${quote(command)}`,
  (command) => `xargs -I{} sh -c ${quote(command)} < /dev/null`,
  (command) => `find . -maxdepth 0 -exec bash -c ${quote(command)} \\;`,
  (command) => `ssh -p 22 host ${quote(command)}`,
  (command) => `trap ${quote(command)} EXIT`,
  (command) => `x=${quote(command)}; eval "$x"`,
  (command) => `bash <<'LAST_LINE'\n${command}\nLAST_LINE`,
  (command) => `bash <<< ${quote(command)}`,
  (command) => `echo hello\n${command}\necho bye`,
  (command) => `sudo -iu app bash -c ${quote(command)}`,
  (command) => `flock -n /tmp/l strace -fo /tmp/x bash -c ${quote(command)}`,
  (command) => `docker run --rm -e A=1 alpine sh -c ${quote(command)}`,
  (command) => `kubectl exec -i web -- sh -c ${quote(command)}`,
  (command) => `some-runner --fast -- bash -c ${quote(command)}`,
  (command) => `ssh -p 22 host <<< ${quote(command)}`,
  (command) => `ssh host <<'LAST_LINE'\n${command}\nLAST_LINE`,
];

Deno.test("wrapping an asked or denied command never lowers its verdict", () => {
  const wrong: string[] = [];
  for (const [least, table] of [["ask", ASKED], ["deny", DENIED]] as [Verdict, CommandTable][]) {
    for (const command of Object.values(table).flat()) {
      // What no shell can read may become readable in other surroundings: `echo )` behind `$(`.
      if (judgeCommand(command, RULES).rule === "unreadable") continue;
      for (const wrap of WRAPPERS) {
        const judged = judgeCommand(wrap(command), RULES);
        if (WEIGHT[judged.verdict] < WEIGHT[least]) {
          wrong.push(`${judged.verdict}: ${wrap(command)}`);
        }
      }
    }
  }
  equal(wrong.join("\n"), "");
});

Deno.test("wrapping a harmless command that can be read does not make it asked", () => {
  for (const wrap of WRAPPERS.slice(0, 11)) {
    const judged = judgeCommand(wrap("git status && ls"), RULES);
    equal(judged.verdict, "allow", wrap("git status && ls") + judged.rule);
  }
});

Deno.test("gate.deny and gate.ask extend the defaults and see through wrappers and quotes", () => {
  const rules = compileGateRules({ deny: ["^flyctl scale"], ask: ["^todo done\\b"] }, PLACE);
  equal(judgeCommand("sudo env A=1 'flyctl' scale count 0", rules), {
    verdict: "deny",
    rule: "gate.deny: ^flyctl scale",
    matched: "flyctl scale",
  });
  equal(judgeCommand("echo 1 | xargs todo done", rules).verdict, "ask");
  equal(judgeCommand("todo list", rules).verdict, "allow");
  equal(judgeCommand("git push", rules).verdict, "ask");
  equal(judgeCommand("rm -rf /", rules).verdict, "deny");
});

Deno.test("gate.replace drops the defaults, gate.without single ones, and unreadable text is still asked", () => {
  const own = compileGateRules({ replace: true, ask: ["^git push"] }, PLACE);
  equal(judgeCommand("npm publish", own).verdict, "allow");
  equal(judgeCommand("git push", own).verdict, "ask");
  equal(judgeCommand("echo 'open", own).rule, "unreadable");
  const relaxed = compileGateRules({ without: ["git-push"] }, PLACE);
  equal(judgeCommand("git push", relaxed).verdict, "allow");
  equal(judgeCommand("git reset --hard", relaxed).verdict, "ask");
});

Deno.test("compileGateRules() refuses wrong patterns and rule names by name", () => {
  const refusal = (config: GateConfig) => {
    try {
      compileGateRules(config, PLACE);
    } catch (error) {
      if (error instanceof LooopError) return error.message;
      throw error;
    }
    return "accepted";
  };
  ok(refusal({ ask: ["fine", "(open"] }).startsWith("gate.ask[1] "));
  ok(refusal({ deny: ["(?<=a)b"] }).includes("gate.deny[0] "));
  ok(refusal({ deny: ["(a)\\1"] }).includes("back-references"));
  ok(refusal({ ask: ["((a{900}){900}){900}"] }).includes("too large"));
  ok(refusal({ without: ["git-pushh"] }).includes('"git-pushh"'));
});

Deno.test("no command and no pattern can hang the gate", () => {
  const rules = compileGateRules({ ask: ["(x+x+)+y", "^(\\w+\\s?)*$", "(?=(a*)*b)z"] }, PLACE);
  const texts = {
    "a megabyte of words": "echo " + "a ".repeat(1 << 19),
    "a megabyte of x": "x".repeat(1 << 20),
    "nested substitutions": "$(".repeat(30_000),
    "evals in evals": 'eval "$('.repeat(500),
    "30,000 commands": "a;".repeat(30_000),
    "stars": "rm " + "*".repeat(60_000),
    "curls": "curl ".repeat(200_000),
  };
  for (const [name, text] of Object.entries(texts)) {
    const start = performance.now();
    const { verdict } = judgeCommand(text, rules);
    ok(performance.now() - start < 20_000, `${name} took too long`);
    ok(verdict !== "allow", `${name} was allowed unread`);
  }
});

Deno.test("judgeTyped() lets prose pass, and asks for a command in it whatever the quotes", () => {
  for (
    const text of [
      "yes",
      "1",
      "Please don't do that, use a branch",
      "It's fine: go on; don't stop",
      "/compact",
    ]
  ) equal(judgeTyped(text, RULES).verdict, "allow", text);
  for (
    const text of [
      "git push",
      "don't wait: rm -rf build",
      'run "git push --force" now',
      "ls\ngh pr merge 3",
    ]
  ) {
    equal(judgeTyped(text, RULES).verdict, "ask", text);
  }
  equal(judgeTyped("that's it\nsudo reboot", RULES).verdict, "deny");
  equal(judgeTyped("x".repeat(1 << 20), RULES).verdict, "ask");
});

Deno.test("textOfKeys() joins keys into what they type", () => {
  const keys = [..."git"].concat("Space", ..."push", "Enter");
  equal(textOfKeys(keys), "git push\n");
  equal(textOfKeys(["r", "x", "Backspace", "m", "space", "S-a", "ENTER"]), "rm A\n");
  equal(judgeTyped(textOfKeys(keys), RULES).verdict, "ask");
  equal(judgeTyped(textOfKeys(["C-c", "Up", "Enter"]), RULES).verdict, "allow");
});

Deno.test("BoundedRegex finds what JavaScript's own engine finds", () => {
  const patterns = [
    "a|bc|",
    "^ab?c*$",
    "(foo|ba[rz])+",
    "\\bgit\\b",
    "[^\\s;]+;",
    "x{2,3}y",
    "a(?!b)c?",
    "(?=.*z)a",
    "\\d+\\.\\d*",
    "^\\s*#",
    "(?:a|b)*?c",
    "\\x41|\\u0042",
    "[\\]a-]{2}",
    "a{,3}",
    "\\Bb",
    "(?<name>q)u",
    "$",
    "é+",
    ".\\n.",
  ];
  const texts = [
    "",
    "abc",
    "abcc",
    "foobarbaz",
    "git push",
    "a b;c;",
    "xxxy xy",
    "ac",
    "ab az",
    "3.14",
    "\n # x",
    "ABba]a-",
    "a{,3}",
    "quéé",
    "a\nb",
  ];
  for (const pattern of patterns) {
    const regex = new BoundedRegex(pattern);
    for (const text of texts) {
      equal(
        regex.search(text) !== "nothing",
        new RegExp(pattern, "m").test(text),
        `${pattern} in ${text}`,
      );
    }
  }
});

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
