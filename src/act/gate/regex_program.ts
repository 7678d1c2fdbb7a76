/**
 * Compiles a regular expression into the small program that `bounded_regex.ts` walks. Single
 * characters and classes are left to JavaScript's own engine, so that they mean the same.
 *
 * @module
 */

/** One step of a program. */
export type Instruction =
  | { readonly kind: "char"; readonly accepts: (character: string) => boolean }
  | { readonly kind: "assert"; readonly holds: (text: string, at: number) => boolean }
  | {
    readonly kind: "look";
    readonly isNegative: boolean;
    readonly program: readonly Instruction[];
  }
  | { readonly kind: "split"; readonly first: number; readonly other: number }
  | { readonly kind: "jump"; readonly to: number }
  | { readonly kind: "match" };

/** Larger programs are refused: `(a{1000}){1000}` would have a million steps. */
const MAX_PROGRAM = 4000;

type Node =
  | { readonly kind: "one"; readonly instruction: Instruction }
  | { readonly kind: "all"; readonly nodes: readonly Node[] }
  | { readonly kind: "any"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number };

/**
 * Compiles `source`, which JavaScript has already accepted.
 *
 * @throws {SyntaxError} For what cannot be walked in bounded time.
 */
export function parsePattern(source: string): readonly Instruction[] {
  const parser = new PatternParser(source);
  return emitProgram(parser.parseAny());
}

class PatternParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parseAny(): Node {
    const nodes = [this.#parseAll()];
    while (this.#take("|")) nodes.push(this.#parseAll());
    return nodes.length === 1 ? nodes[0]! : { kind: "any", nodes };
  }

  #parseAll(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at]!)) {
      nodes.push(this.#parseQuantified());
    }
    return { kind: "all", nodes };
  }

  #parseQuantified(): Node {
    const node = this.#parseAtom();
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#source.slice(this.#at, this.#at + 24))
      ?.[0];
    if (found === undefined) return node;
    this.#at += found.length;
    this.#take("?"); // Lazy or greedy: the same texts match.
    const [, least = "0", comma, most] = /^\{(\d+)(,)?(\d*)\}$/.exec(found) ?? [];
    if (found === "*") return { kind: "repeat", node, min: 0, max: Infinity };
    if (found === "+") return { kind: "repeat", node, min: 1, max: Infinity };
    if (found === "?") return { kind: "repeat", node, min: 0, max: 1 };
    const min = Number(least);
    return { kind: "repeat", node, min, max: !comma ? min : most ? Number(most) : Infinity };
  }

  #parseAtom(): Node {
    const rest = this.#source.slice(this.#at);
    if (rest.startsWith("(")) return this.#parseGroup();
    if (rest.startsWith("^")) {
      return this.#assert(1, (text, at) => at === 0 || isLineEnd(text[at - 1]));
    }
    if (rest.startsWith("$")) {
      return this.#assert(1, (text, at) => at === text.length || isLineEnd(text[at]));
    }
    if (rest.startsWith("\\b")) return this.#assert(2, isWordEdge);
    if (rest.startsWith("\\B")) return this.#assert(2, (text, at) => !isWordEdge(text, at));
    if (/^\\(?:[1-9]|k<)/.test(rest)) throw new SyntaxError("back-references are not supported");
    const atom = /^(?:\[(?:\\[^]|[^\]\\])*\]|\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[a-zA-Z]|[^])|[^])/
      .exec(rest)![0];
    this.#at += atom.length;
    return { kind: "one", instruction: { kind: "char", accepts: characterTest(atom) } };
  }

  #parseGroup(): Node {
    const [opening] = /^\((?:\?(?:[:=!]|<[=!]|<[^>=!][^>]*>|[^:]*:))?/.exec(
      this.#source.slice(this.#at),
    )!;
    if (/^\(\?<[=!]/.test(opening)) throw new SyntaxError("lookbehind is not supported");
    if (/^\(\?[a-z-]/.test(opening)) throw new SyntaxError("inline flags are not supported");
    this.#at += opening.length;
    const node = this.parseAny();
    this.#take(")");
    if (opening !== "(?=" && opening !== "(?!") return node;
    const program = emitProgram(node);
    return {
      kind: "one",
      instruction: { kind: "look", isNegative: opening === "(?!", program },
    };
  }

  #assert(length: number, holds: (text: string, at: number) => boolean): Node {
    this.#at += length;
    return { kind: "one", instruction: { kind: "assert", holds } };
  }

  #take(text: string): boolean {
    const isThere = this.#source.startsWith(text, this.#at);
    if (isThere) this.#at += text.length;
    return isThere;
  }
}

function emitProgram(node: Node): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ kind: "match" });
  return program;
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > MAX_PROGRAM) throw new SyntaxError("the expression is too large");
  switch (node.kind) {
    case "one":
      program.push(node.instruction);
      return;
    case "all":
      for (const each of node.nodes) emit(each, program);
      return;
    case "any": {
      const jumps: number[] = [];
      for (const [index, each] of node.nodes.entries()) {
        const isLast = index === node.nodes.length - 1;
        const split = program.length;
        if (!isLast) program.push({ kind: "match" });
        emit(each, program);
        if (isLast) continue;
        jumps.push(program.length);
        program.push({ kind: "match" });
        program[split] = { kind: "split", first: split + 1, other: program.length };
      }
      for (const jump of jumps) program[jump] = { kind: "jump", to: program.length };
      return;
    }
    case "repeat": {
      for (let count = 0; count < node.min; count++) emit(node.node, program);
      if (node.max === Infinity) {
        const split = program.length;
        program.push({ kind: "match" });
        emit(node.node, program);
        program.push({ kind: "jump", to: split });
        program[split] = { kind: "split", first: split + 1, other: program.length };
        return;
      }
      const splits: number[] = [];
      for (let count = node.min; count < node.max; count++) {
        splits.push(program.length);
        program.push({ kind: "match" });
        emit(node.node, program);
      }
      for (const split of splits) {
        program[split] = { kind: "split", first: split + 1, other: program.length };
      }
    }
  }
}

function characterTest(atom: string): (character: string) => boolean {
  const expression = new RegExp(
    `^(?:${atom === "{" || atom === "}" || atom === "]" ? "\\" + atom : atom})$`,
  );
  const known = new Map<string, boolean>();
  return (character) => {
    let answer = known.get(character);
    if (answer === undefined) known.set(character, answer = expression.test(character));
    return answer;
  };
}

function isLineEnd(character: string | undefined): boolean {
  return character === "\n" || character === "\r" || character === "\u2028" ||
    character === "\u2029";
}

function isWordEdge(text: string, at: number): boolean {
  return /\w/.test(text[at - 1] ?? " ") !== /\w/.test(text[at] ?? " ");
}
