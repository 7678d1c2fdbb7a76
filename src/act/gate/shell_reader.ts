/**
 * Reads shell text into the simple commands it would run: pipes, lists, loops, substitutions and
 * here-documents by the parser, wrappers by `wrappers.ts`. Runs nothing and expands no glob.
 *
 * @module
 */
import {
  type Command,
  forEachChild,
  parse,
  type Pipeline,
  type Redirection,
  type SyntaxNode,
} from "unbash";
import { runsItsWords, VariableTable } from "./variables.ts";
import { unwrap } from "./wrappers.ts";
import { isDownloader, readWord } from "./words.ts";
import { type Argument, type Input, plainArgument, type SimpleCommand } from "./simple_command.ts";
import type { Place } from "./place.ts";

/** Text longer than this is not taken apart. */
const MAX_TEXT = 64 * 1024;
/** All text taken apart for one command, nested pieces counted each time. */
const MAX_WORK = 512 * 1024;
const MAX_COMMANDS = 5000;
const MAX_DEPTH = 24;

/** What the text of a command comes to. */
export interface Reading {
  readonly commands: readonly SimpleCommand[];
  /** Why parts could not be read; empty when all was. */
  readonly problems: readonly string[];
}

/** Reads `text` as bash would. Never throws. */
export function readShell(text: string, place: Place): Reading {
  const reader = new ShellReader(place);
  reader.readText(text, { kind: "none" });
  return { commands: reader.commands, problems: [...reader.problems] };
}

/** Argv on its way through the wrappers. */
export interface Argv {
  readonly argv: readonly Argument[];
  readonly input: Input;
  readonly assignments: readonly string[];
  readonly writesTo: readonly Argument[];
}

/** Collects commands; the wrappers call back into it with what they uncover. */
export class ShellReader {
  readonly commands: SimpleCommand[] = [];
  readonly problems = new Set<string>();
  #work = 0;
  #depth = 0;
  #folders: string[];
  #variables: VariableTable;
  readonly #functions = new Set<string>();
  readonly #aliases = new Map<string, string>();

  constructor(place: Place) {
    this.#folders = [place.dataDir];
    this.#variables = new VariableTable(place);
  }

  /** Remembers what a later use of `name` stands for. */
  learnAlias(name: string, text: string): void {
    this.#aliases.set(name, text);
  }

  /** Reads a piece of shell text, whole or what stands behind `bash -c`. */
  readText(text: string, input: Input): void {
    this.#work += text.length;
    if (text.length > MAX_TEXT || this.#work > MAX_WORK) {
      this.problems.add("too long to be read");
      return;
    }
    this.#nested(() => {
      const script = parse(text);
      this.#variables.learn(script);
      this.#visit(script, input);
    });
  }

  /** Takes one argv without its wrappers, and what it would run besides. */
  readArgv(found: Argv): void {
    this.#nested(() => {
      const [first, ...args] = found.argv;
      if (first === undefined) return;
      // An unquoted variable that holds several words: `x="git push"; $x`.
      if (/\s/.test(first.value.trim()) && !first.isComputed) {
        this.readText(
          [first.value, ...args.map(({ value }) => quoted(value))].join(" "),
          found.input,
        );
        return;
      }
      this.#add(first, args, found);
      const alias = this.#aliases.get(first.value);
      if (alias !== undefined) {
        // An alias is not unfolded inside itself: `alias ls='ls -l'`.
        this.#aliases.delete(first.value);
        this.readText([alias, ...args.map(({ value }) => quoted(value))].join(" "), found.input);
        this.#aliases.set(first.value, alias);
      }
      // A function of the text may run its words: `retry() { "$@"; }; retry git push`.
      if (this.#functions.has(first.value)) this.readArgv({ ...found, argv: args, writesTo: [] });
      else unwrap(first, args, found, this);
    });
  }

  #add(first: Argument, args: readonly Argument[], found: Argv): void {
    if (this.commands.length >= MAX_COMMANDS) {
      this.problems.add("too many commands to be read");
      return;
    }
    const program = first.value.replace(/^.*\/(?=[^/])/s, "");
    const words = args.map(({ value }) => value);
    this.commands.push({
      program,
      writtenAs: first.value,
      args,
      words,
      line: [program, ...words].join(" "),
      writesTo: found.writesTo,
      assignments: found.assignments,
      input: found.input,
      folders: [...this.#folders],
      isComputed: first.isComputed || (first.hasGlob && first.value !== "["),
      isDownload: first.isDownload,
    });
    if (/^(cd|pushd)$/.test(program)) {
      const target = args.find(({ value }) => !value.startsWith("-"));
      const here = this.#folders.at(-1)!;
      const next = target === undefined ? "~" : target.isComputed ? "/unknown" : target.value;
      this.#folders = [
        ...this.#folders.slice(-20),
        /^[/~]/.test(next) ? next : `${here}/${next}`,
      ];
    }
  }

  #nested(read: () => void): void {
    if (this.#depth >= MAX_DEPTH) {
      this.problems.add("nested too deep to be read");
      return;
    }
    this.#depth++;
    read();
    this.#depth--;
  }

  #visit(node: SyntaxNode, input: Input): void {
    switch (node.type) {
      case "Script": {
        for (const { message } of node.errors ?? []) this.problems.add(message);
        const source = node.end - node.pos;
        this.#work += source;
        if (this.#work > MAX_WORK) {
          this.problems.add("too long to be read");
          return;
        }
        this.#nested(() => this.#visitChildren(node, input));
        return;
      }
      case "Function":
        if (runsItsWords(node)) this.#functions.add(node.name.value);
        return this.#visitChildren(node, input);
      case "Pipeline":
        return this.#visitPipeline(node, input);
      case "Command":
        return this.#visitCommand(node, input);
      case "Redirected": {
        this.#visit(node.command, readInput(node.redirects, this.#variables) ?? input);
        const writesTo = this.#writeTargets(node.redirects);
        if (writesTo.length > 0) {
          this.#add(plainArgument(""), [], { argv: [], input, assignments: [], writesTo });
        }
        for (const redirect of node.redirects) this.#visitChildren(redirect, { kind: "none" });
        return;
      }
      default:
        this.#visitChildren(node, input);
    }
  }

  #visitChildren(node: SyntaxNode, input: Input): void {
    forEachChild(node, (child) => this.#visit(child, input));
  }

  #visitPipeline(pipeline: Pipeline, input: Input): void {
    let flowing: Input = input;
    for (const command of pipeline.commands) {
      const from = this.commands.length;
      this.#visit(command, flowing);
      flowing = outputOf(this.commands.slice(from), flowing);
    }
  }

  #visitCommand(command: Command, input: Input): void {
    const lookup = this.#variables.lookup(this.#folders.at(-1)!);
    const words = [command.name, ...command.args];
    const argv = words.flatMap((word): readonly Argument[] => {
      if (word === undefined) return [];
      return word.type === "Word" ? readWord(word, lookup) : [plainArgument(word.text)];
    });
    const assignments = command.prefix.flatMap((part) =>
      part.type === "Assignment" ? [part.text] : []
    );
    const writesTo = this.#writeTargets(command.redirects);
    const ownInput = readInput(command.redirects, this.#variables) ?? input;
    if (argv.length > 0) this.readArgv({ argv, input: ownInput, assignments, writesTo });
    else if (writesTo.length > 0 || assignments.length > 0) {
      this.#add(plainArgument(""), [], { argv: [], input, assignments, writesTo });
    }
    // Substitutions inside words, assignments and here-documents run too.
    this.#visitChildren(command, { kind: "none" });
  }

  #writeTargets(redirects: readonly Redirection[]): readonly Argument[] {
    const lookup = this.#variables.lookup(this.#folders.at(-1)!);
    return redirects.flatMap((redirect) =>
      redirect.type === "Redirect" && redirect.target !== undefined &&
        /[>]/.test(redirect.operator)
        ? readWord(redirect.target, lookup)
        : []
    );
  }
}

/** Says what a here-document, a here-string or `< file` feeds; undefined where nothing does. */
function readInput(redirects: readonly Redirection[], variables: VariableTable): Input | undefined {
  let input: Input | undefined;
  for (const redirect of redirects) {
    if (redirect.type === "HereDoc") input = { kind: "literal", text: redirect.body.text };
    else if (redirect.type === "HereString" && redirect.target !== undefined) {
      const [argument] = readWord(redirect.target, variables.lookup("/"));
      input = argument?.isDownload
        ? { kind: "download" }
        : { kind: "literal", text: argument?.value ?? "" };
    } else if (redirect.type === "Redirect" && redirect.operator === "<") {
      const [argument] = redirect.target ? readWord(redirect.target, variables.lookup("/")) : [];
      input = { kind: argument?.isDownload ? "download" : "unknown" };
    }
  }
  return input;
}

/** What a stage of a pipe hands to the next one. */
function outputOf(stage: readonly SimpleCommand[], input: Input): Input {
  if (input.kind === "download" || stage.some(({ program }) => isDownloader(program))) {
    return { kind: "download" };
  }
  const [only] = stage;
  if (stage.length !== 1 || only === undefined) return { kind: "unknown" };
  if (only.program === "echo" || only.program === "printf") {
    const text = only.program === "printf"
      ? formatted(only.words)
      : only.words.filter((word) => !/^-[neE]+$/.test(word)).join(" ");
    if (only.args.some(({ isComputed }) => isComputed)) return { kind: "unknown" };
    return { kind: "literal", text: text.replaceAll("\\n", "\n") };
  }
  if (/^(cat|tee)$/.test(only.program) && only.input.kind === "literal") return only.input;
  return { kind: "unknown" };
}

/** What `printf` prints, for the formats that put text together. */
function formatted(words: readonly string[]): string {
  const [format = "", ...values] = words[0] === "--" ? words.slice(1) : words;
  let text = "";
  for (let round = 0, at = 0; round < 100 && (round === 0 || at < values.length); round++) {
    const before = at;
    text += format.replace(/%[-\d.]*[sbqdi]/g, () => values[at++] ?? "");
    if (at === before) break;
  }
  return text;
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
