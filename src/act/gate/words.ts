/**
 * Turns a shell word into the argument that the program would get, as far as its text tells.
 *
 * @module
 */
import { forEachChild, type SyntaxNode, type Word, type WordPart } from "unbash";
import type { Argument } from "./simple_command.ts";

/** What a variable's name stands for; undefined where only the run can tell. */
export type Lookup = (name: string) => string | undefined;

/** A word may unfold into at most so many by its braces; more is left as it was written. */
const MAX_BRACE_WORDS = 256;

/** What `mktemp` would print, as far as the rules care. */
export const MKTEMP_PATH = "/tmp/made-by-mktemp";

const DOWNLOADERS = /^(curl|wget|wget2|fetch|aria2c|lynx|http|https|xh|axel)$/;

/** Programs whose output is bytes from the network. */
export function isDownloader(program: string): boolean {
  return DOWNLOADERS.test(program);
}

/** Reads one word; braces (`{a,b}`) make several of it. */
export function readWord(word: Word, lookup: Lookup): readonly Argument[] {
  const state: WordState = {
    isComputed: false,
    isDownload: false,
    hasBraces: false,
    hasGlob: false,
    lookup,
  };
  const value = word.parts === undefined ? word.value : joinParts(word.parts, state);
  const { isComputed, isDownload } = state;
  const values = state.hasBraces ? expandBraces(value) : [value];
  return values.map((each) => ({ value: each, isComputed, isDownload, hasGlob: state.hasGlob }));
}

interface WordState {
  isComputed: boolean;
  isDownload: boolean;
  hasBraces: boolean;
  hasGlob: boolean;
  readonly lookup: Lookup;
}

function joinParts(parts: readonly WordPart[], state: WordState): string {
  return parts.map((part) => readPart(part, state)).join("");
}

function readPart(part: WordPart, state: WordState): string {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "Glob":
      state.hasGlob = true;
      return part.value;
    case "DoubleQuoted":
    case "LocaleString":
      return joinParts(part.parts, state);
    case "BraceExpansion":
      state.hasBraces = true;
      return part.parts === undefined ? part.text : joinParts(part.parts, state);
    case "SimpleExpansion":
      return readVariable(part.text.slice(1), part.text, state);
    case "ParameterExpansion":
      return part.prefix === undefined && part.index === undefined &&
          (part.operation === undefined || part.operation.type === "Default")
        ? readVariable(part.parameter, part.text, state)
        : computed(part.text, state);
    case "CommandExpansion": {
      if (/^(?:\$\(|`)\s*mktemp\b/.test(part.text)) return MKTEMP_PATH;
      if (part.script !== undefined && hasDownload(part.script)) state.isDownload = true;
      return computed(part.text, state);
    }
    case "ProcessSubstitution":
      if (part.script !== undefined && hasDownload(part.script)) state.isDownload = true;
      return computed(part.text, state);
    case "ExtendedGlob":
    case "ArithmeticExpansion":
      return computed(part.text, state);
  }
}

function readVariable(name: string, text: string, state: WordState): string {
  if (name === "$" || name === "RANDOM") return "0"; // A number, whichever: no path of its own.
  return state.lookup(name) ?? computed(text, state);
}

function computed(text: string, state: WordState): string {
  state.isComputed = true;
  return text;
}

/** Tells whether any command below `node` is one that downloads. */
function hasDownload(node: SyntaxNode): boolean {
  let isFound = false;
  const visit = (child: SyntaxNode, depth: number) => {
    if (isFound || depth > 40) return;
    if (child.type === "Command") {
      const names = [child.name, ...child.args].flatMap((word) =>
        word?.type === "Word" ? [word.value.replace(/^.*\//, "")] : []
      );
      // Behind `sudo`, `env`, `timeout 5` too: any of the first words.
      if (names.slice(0, 6).some(isDownloader)) isFound = true;
    }
    forEachChild(child, (next) => visit(next, depth + 1));
  };
  visit(node, 0);
  return isFound;
}

/** Unfolds `a{b,c}d` into `abd acd`; sequences such as `{1..9}` stay as they are. */
export function expandBraces(text: string): readonly string[] {
  let done: readonly string[] = [text];
  for (let round = 0; round < 16; round++) {
    const next = done.flatMap(expandFirstBraces);
    if (next.length > MAX_BRACE_WORDS) return [text];
    if (next.length === done.length && next.every((value, at) => value === done[at])) return done;
    done = next;
  }
  return done;
}

function expandFirstBraces(text: string): readonly string[] {
  // The innermost pair that holds a comma; without nesting the order does not matter to a rule.
  const found = /^([^]*?)\{([^{}]*,[^{}]*)\}([^]*)$/.exec(text);
  if (found === null) return [text];
  const [, before = "", inside = "", behind = ""] = found;
  return inside.split(",").map((each) => before + each + behind);
}
