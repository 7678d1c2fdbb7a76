/**
 * Regular expressions whose cost is bounded whatever they say: all ways through are walked at once, a
 * step per character, never backtracking. JavaScript's own engine would hang on `(a+)+$`.
 *
 * JavaScript syntax, flag m; lookahead is understood, lookbehind and back-references are refused.
 *
 * @module
 */
import { type Instruction, parsePattern } from "./regex_program.ts";

/** Steps that one search may take; about a second. */
const MAX_STEPS = 20_000_000;

/** What a search found; `exhausted` when it would have cost too much to know. */
export type Found = { readonly text: string } | "nothing" | "exhausted";

/** A compiled expression. */
export class BoundedRegex {
  readonly source: string;
  readonly #program: readonly Instruction[];

  /**
   * Compiles `source`.
   *
   * @throws {SyntaxError} When it is no regular expression, or one that cannot be bounded.
   */
  constructor(source: string) {
    new RegExp(source, "m"); // Its messages name the mistake.
    this.source = source;
    this.#program = parsePattern(source);
  }

  /** Looks for the first match anywhere in `text`. */
  search(text: string): Found {
    const run: Run = { text, steps: 0, seen: new Map() };
    const end = walk(this.#program, run, 0, false);
    if (end === undefined) return "exhausted";
    return end === -1 ? "nothing" : { text: text.slice(Math.max(0, end[0]), end[1]) };
  }
}

interface Run {
  readonly text: string;
  steps: number;
  /** Answers of lookaheads already asked, per instruction and position. */
  readonly seen: Map<Instruction, Map<number, boolean>>;
}

type Span = readonly [start: number, end: number];

/**
 * Walks the program from `from`.
 *
 * @returns Where the first match lies, -1 for none, undefined when the steps ran out.
 */
function walk(
  program: readonly Instruction[],
  run: Run,
  from: number,
  isAnchored: boolean,
): Span | -1 | undefined {
  let now = new Map<number, number>(); // instruction -> where its match began
  for (let at = from; at <= run.text.length; at++) {
    if (at === from || !isAnchored) follow(program, run, 0, at, at, now);
    const next = new Map<number, number>();
    let end: Span | undefined;
    for (const [pc, start] of now) {
      if (++run.steps > MAX_STEPS) return undefined;
      const instruction = program[pc]!;
      if (instruction.kind === "match") end ??= [start, at];
      else if (instruction.kind === "char" && at < run.text.length) {
        if (instruction.accepts(run.text[at]!)) {
          follow(program, run, pc + 1, start, at + 1, next);
        }
      }
    }
    if (end !== undefined) return end;
    if (isAnchored && next.size === 0) return -1;
    now = next;
  }
  return run.steps > MAX_STEPS ? undefined : -1;
}

/** Adds what can be reached from `pc` without taking a character. */
function follow(
  program: readonly Instruction[],
  run: Run,
  pc: number,
  start: number,
  at: number,
  into: Map<number, number>,
): void {
  const waiting = [pc];
  const visited = new Set<number>();
  while (waiting.length > 0) {
    const here = waiting.pop()!;
    if (into.has(here) || visited.has(here)) continue;
    visited.add(here);
    run.steps++;
    const instruction = program[here]!;
    switch (instruction.kind) {
      case "split":
        waiting.push(instruction.other, instruction.first);
        break;
      case "jump":
        waiting.push(instruction.to);
        break;
      case "assert":
        if (instruction.holds(run.text, at)) waiting.push(here + 1);
        break;
      case "look":
        if (looksAhead(instruction, run, at) !== instruction.isNegative) waiting.push(here + 1);
        break;
      default:
        into.set(here, start);
    }
  }
}

function looksAhead(instruction: Instruction & { kind: "look" }, run: Run, at: number): boolean {
  let answers = run.seen.get(instruction);
  if (answers === undefined) run.seen.set(instruction, answers = new Map());
  let answer = answers.get(at);
  if (answer === undefined) {
    const end = walk(instruction.program, run, at, true);
    answer = end !== -1 && end !== undefined;
    answers.set(at, answer);
  }
  return answer;
}
