/**
 * The config file: JSON with comments, checked once; a mistake is told with key, value, file and line.
 *
 * @module
 */
import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import * as z from "zod/mini";
import { readTextIfThere } from "../base/atomic_file.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { type Knob, knobEntries, type KnobName, parseKnob } from "./knobs.ts";
import { BUILT_IN_RUNNERS, DEFAULT_RUNNER, type Runner } from "./runners.ts";

/** Rules over commands as the config gives them. */
export interface GateConfig {
  readonly deny: readonly string[];
  readonly ask: readonly string[];
  /** Names of built-in rules that do not hold here. */
  readonly without: readonly string[];
  /** True: these rules stand alone; false: they come on top of the built-in ones. */
  readonly replace: boolean;
}

/** A config file's content, checked. */
export interface Config {
  readonly defaultRunner: string;
  /** Built-in runners with the config's own laid over them. */
  readonly runners: Readonly<Record<string, Runner>>;
  readonly gate: GateConfig;
  /** Whether a raised flag opens a tmux window. */
  readonly popup: boolean;
  /** Knobs that the config sets, in inner units. */
  readonly knobs: Partial<Record<KnobName, number>>;
  /** Unknown keys and the like, one sentence each. */
  readonly warnings: readonly string[];
}

const runnerSchema = z.strictObject({
  tick: z.optional(z.string()),
  interactive: z.optional(z.string()),
  resume: z.optional(z.string()),
});

const pattern = z.string().check(
  z.refine((text) => problemOfPattern(text) === undefined, {
    error: (issue) => `is no regular expression: ${problemOfPattern(String(issue.input))}`,
  }),
);

const schema = z.strictObject({
  default: z.optional(z.string()),
  runners: z.optional(z.record(z.string(), runnerSchema)),
  gate: z.optional(z.strictObject({
    deny: z.optional(z.array(pattern)),
    ask: z.optional(z.array(pattern)),
    replace: z.optional(z.boolean()),
    without: z.optional(z.array(z.string())),
  })),
  popup: z.optional(z.enum(["on", "off"])),
});

function problemOfPattern(text: string): string | undefined {
  try {
    new RegExp(text, "mu");
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Reads a config file; a missing one is an empty one.
 *
 * @throws {LooopError} Naming key, value, file, line and what would be right.
 */
export function loadConfig(path: string): Config {
  let text: string | undefined;
  try {
    text = readTextIfThere(path);
  } catch (error) {
    throw new LooopError(`cannot read the config ${path}: ${messageOf(error)}`, { cause: error });
  }
  return parseConfig(text ?? "{}", path);
}

/**
 * Checks a config's text.
 *
 * @param path Where the text came from, for messages.
 * @throws {LooopError} As `loadConfig()`.
 */
export function parseConfig(text: string, path: string): Config {
  const errors: ParseError[] = [];
  const root = parseTree(text || "{}", errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error || root?.type !== "object") {
    const reason = error ? printParseErrorCode(error.error) : "the file must hold one object";
    throw new LooopError(
      `config ${path}:${lineOf(text, error?.offset ?? 0)}: not JSON: ${reason}`,
      {
        hint: "mend the file; comments and trailing commas are fine",
      },
    );
  }
  const value = toValue(root) as Record<string, unknown>;
  const warnings: string[] = [];
  const place = (keys: readonly PropertyKey[]) => {
    const node = findNodeAtLocation(root, keys as (string | number)[]);
    return {
      line: lineOf(text, node?.offset ?? 0),
      shown: text.slice(node?.offset, node && node.offset + Math.min(node.length, 60)),
    };
  };
  const refuse = (keys: readonly PropertyKey[], problem: string): never => {
    const { line, shown } = place(keys);
    throw new LooopError(`config ${path}:${line}: ${keys.join(".")} = ${shown}: ${problem}`, {
      hint: "mend that line",
    });
  };

  const knobs: Partial<Record<KnobName, number>> = {};
  for (const [name, knob] of knobEntries() as readonly (readonly [KnobName, Knob])[]) {
    const key = knob.configKey;
    if (key === undefined || !Object.hasOwn(value, key)) continue;
    const given = value[key];
    delete value[key];
    if (given === null) continue;
    if (typeof given !== "number" && typeof given !== "string") refuse([key], "write a number");
    try {
      knobs[name] = parseKnob(knob, String(given));
    } catch (problem) {
      refuse([key], messageOf(problem));
    }
  }

  let checked = schema.safeParse(value);
  for (let guard = 0; !checked.success && guard < 100; guard++) {
    const issue = checked.error.issues[0]!;
    if (issue.code !== "unrecognized_keys") {
      return refuse(issue.path, describeIssue(issue));
    }
    for (const key of issue.keys) {
      const keys = [...issue.path, key];
      warnings.push(
        `config ${path}:${place(keys).line}: unknown key "${keys.join(".")}" is ignored`,
      );
      removeAt(value, keys);
    }
    checked = schema.safeParse(value);
  }
  if (!checked.success) throw new LooopError(`config ${path}: cannot be read`);
  const config = checked.data;
  const runners: Record<string, Runner> = { ...BUILT_IN_RUNNERS };
  for (const [name, runner] of Object.entries(config.runners ?? {})) {
    runners[name] = { ...runners[name], ...withoutUndefined(runner) };
  }
  const defaultRunner = config.default ?? DEFAULT_RUNNER;
  if (!Object.hasOwn(runners, defaultRunner)) {
    refuse(["default"], `no such runner; write one of ${Object.keys(runners).join(", ")}`);
  }
  return {
    defaultRunner,
    runners,
    gate: {
      deny: config.gate?.deny ?? [],
      ask: config.gate?.ask ?? [],
      replace: config.gate?.replace ?? false,
      without: config.gate?.without ?? [],
    },
    popup: config.popup !== "off",
    knobs,
    warnings,
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `write ${article(issue.expected)}`;
  if (issue.code === "invalid_value") {
    return `write one of ${issue.values.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
  }
  return issue.message;
}

function article(type: string): string {
  const words: Record<string, string> = {
    string: "text in quotes",
    array: "a list",
    object: "an object",
    record: "an object",
    boolean: "true or false",
  };
  return words[type] ?? `a ${type}`;
}

/** Builds plain objects without a prototype's names in the way (`__proto__` is just a key). */
function toValue(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(toValue);
  if (node.type !== "object") return node.value;
  const object: Record<string, unknown> = {};
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (key && value) {
      Object.defineProperty(object, key.value, {
        value: toValue(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return object;
}

function removeAt(object: Record<string, unknown>, keys: readonly PropertyKey[]): void {
  let at: Record<PropertyKey, unknown> = object;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<PropertyKey, unknown>;
  delete at[keys.at(-1)!];
}

function withoutUndefined(runner: z.infer<typeof runnerSchema>): Runner {
  return Object.fromEntries(Object.entries(runner).filter(([, command]) => command !== undefined));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
