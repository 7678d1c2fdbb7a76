/**
 * The gate: says of a command, a sensor's script or typed text whether it may run, needs a human's yes,
 * or may never run. It looks at text and touches nothing. A tripwire, not a sandbox.
 *
 * What it cannot see: commands that only exist at run time (variables it cannot follow, encoded text,
 * files that are sourced or run), what a program's own configuration makes of a harmless call (git
 * aliases, npm scripts, make targets with harmless names), and what a worker does with its own hands.
 *
 * Heavy (it loads a shell parser): import it lazily.
 *
 * @module
 */
import { findDownloadThatRuns } from "./gate/download_then_run.ts";
import type { GateRules } from "./gate/gate_rules.ts";
import type { Verdict } from "./gate/rule.ts";
import { LOOSE_RULES } from "./gate/loose_rules.ts";
import { type Reading, readShell } from "./gate/shell_reader.ts";

import type { SimpleCommand } from "./gate/simple_command.ts";

export { compileGateRules, type GateConfig, type GateRules } from "./gate/gate_rules.ts";
export type { Verdict } from "./gate/rule.ts";

/** What the gate says, and why. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Name of the rule that decided; a pattern of the config as `gate.ask: <pattern>`; "" for allow. */
  readonly rule: string;
  /** The command or the piece of text that it saw, shortened; "" for allow. */
  readonly matched: string;
}

const ALLOWED: Judgement = { verdict: "allow", rule: "", matched: "" };
const WEIGHT: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };
const MAX_MATCHED = 200;

/** Judges one shell command, or a whole script such as a sensor's. Never throws. */
export function judgeCommand(command: string, rules: GateRules): Judgement {
  const reading = readShell(command, rules.place);
  let worst = judgeReading(reading, rules);
  worst = worse(worst, judgePatterns([command, ...linesOf(reading)], rules));
  const [problem] = reading.problems;
  if (problem !== undefined) {
    worst = worse(worst, judgeLoosely(command, rules));
    worst = worse(worst, { verdict: "ask", rule: "unreadable", matched: problem });
  }
  return worst;
}

/**
 * Judges text that is typed into a worker: as a command, line by line, and as prose that names one, for
 * the reader may be an agent. Prose that no shell could parse is not asked for that alone.
 */
export function judgeTyped(text: string, rules: GateRules): Judgement {
  let worst = judgePatterns([text], rules);
  for (const part of new Set([text, ...text.split(/[\r\n]+/).slice(0, 500)])) {
    const reading = readShell(part, rules.place);
    worst = worse(worst, judgeReading(reading, rules));
    worst = worse(worst, judgePatterns(linesOf(reading), rules));
    const unread = reading.problems.find((problem) => problem.endsWith("to be read"));
    if (unread !== undefined) {
      worst = worse(worst, { verdict: "ask", rule: "unreadable", matched: unread });
    }
  }
  return worse(worst, judgeLoosely(text, rules));
}

/**
 * Joins named keys into the text that they type: `["l", "s", "Enter"]` is `ls` and a newline. Backspace
 * takes a character back; keys that move the cursor count for nothing.
 */
export function textOfKeys(keys: readonly string[]): string {
  const typed: string[] = [];
  for (const key of keys) {
    const name = key.toLowerCase();
    if (name === "backspace" || name === "c-h") typed.pop();
    else if (TYPED_BY_NAME[name] !== undefined) typed.push(TYPED_BY_NAME[name]);
    else if ([...key].length === 1) typed.push(key);
    else if (/^s-.$/.test(name)) typed.push(key.slice(2).toUpperCase());
  }
  return typed.join("");
}

const TYPED_BY_NAME: Readonly<Record<string, string>> = {
  enter: "\n",
  return: "\n",
  space: " ",
  tab: "\t",
  "c-m": "\n",
  "c-j": "\n",
  "c-i": "\t",
};

function judgeReading({ commands }: Reading, rules: GateRules): Judgement {
  let worst = ALLOWED;
  for (const command of commands) {
    for (const rule of rules.defaults) {
      if (WEIGHT[rule.verdict] <= WEIGHT[worst.verdict]) continue;
      if (rule.matches(command, rules.place)) {
        worst = {
          verdict: rule.verdict,
          rule: rule.name,
          matched: shortened(withTargets(command)),
        };
      }
    }
  }
  const run = rules.hasDefaults ? findDownloadThatRuns(commands) : undefined;
  if (run === undefined) return worst;
  return worse(worst, { verdict: "ask", rule: "download-then-run", matched: shortened(run.line) });
}

/** The command as a person shall see it: what it writes may be all that there is to say. */
function withTargets({ line, writesTo }: SimpleCommand): string {
  return [line, ...writesTo.map(({ value }) => `> ${value}`)].join(" ").trim();
}

function judgePatterns(texts: readonly string[], rules: GateRules): Judgement {
  let worst = ALLOWED;
  for (const { verdict, name, regex } of rules.patterns) {
    if (WEIGHT[verdict] <= WEIGHT[worst.verdict]) continue;
    for (const text of texts) {
      const found = regex.search(text);
      if (found === "nothing") continue;
      worst = found === "exhausted"
        ? worse(worst, { verdict: "ask", rule: name, matched: "too costly to be searched" })
        : worse(worst, { verdict, rule: name, matched: shortened(found.text) });
      if (found !== "exhausted") break;
    }
  }
  return worst;
}

/** Judges text as it stands, without regard to quoting. */
function judgeLoosely(text: string, rules: GateRules): Judgement {
  let worst = ALLOWED;
  if (!rules.hasDefaults) return worst;
  for (const { verdict, name, pattern } of LOOSE_RULES) {
    const found = pattern.exec(text);
    if (found !== null) worst = worse(worst, { verdict, rule: name, matched: shortened(found[0]) });
  }
  return worst;
}

function linesOf({ commands }: Reading): readonly string[] {
  return [...new Set(commands.map(({ line }) => line))];
}

function worse(one: Judgement, other: Judgement): Judgement {
  return WEIGHT[other.verdict] > WEIGHT[one.verdict] ? other : one;
}

function shortened(text: string): string {
  return text.length > MAX_MATCHED ? text.slice(0, MAX_MATCHED - 1) + "…" : text;
}
