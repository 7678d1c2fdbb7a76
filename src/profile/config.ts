/**
 * The config file: JSON with comments, checked once; a mistake is told with key, value, file and line.
 *
 * @module
 */
import { findNodeAtLocation, type Node, type ParseError, parseTree } from "jsonc-parser";
import { readTextIfThere } from "../base/atomic_file.ts";
import { findDoubleKeys } from "../base/double_keys.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { withoutByteOrderMark } from "../base/plain_text.ts";
import * as s from "../base/shape.ts";
import { explainJsonMistake } from "./json_mistake.ts";
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

const command = s.where(
  s.text,
  (text) => text.trim() === "" ? "write a command, or leave the key out" : undefined,
);

const runner = s.objectWith({
  tick: s.optional(command),
  interactive: s.optional(command),
  resume: s.optional(command),
});

const pattern = s.where(s.text, (source) => {
  try {
    new RegExp(source, "mu");
    return undefined;
  } catch (error) {
    return `is no regular expression: ${messageOf(error)}`;
  }
});

const shape = s.objectWith({
  default: s.optional(s.text),
  runners: s.optional(s.mapOf(runner)),
  gate: s.optional(s.objectWith({
    deny: s.optional(s.listOf(pattern)),
    ask: s.optional(s.listOf(pattern)),
    replace: s.optional(s.truth),
    without: s.optional(s.listOf(s.text)),
  })),
  popup: s.optional(s.oneOf("on", "off")),
});

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
export function parseConfig(content: string, path: string): Config {
  const text = withoutByteOrderMark(content);
  const errors: ParseError[] = [];
  const root = parseTree(text || "{}", errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error || root?.type !== "object") {
    const reason = error ? explainJsonMistake(text, error) : "the file must hold one object";
    throw new LooopError(
      `config ${path}:${lineOf(text, error?.offset ?? 0)}: not JSON: ${reason}`,
      {
        hint: "mend the file; comments and trailing commas are fine",
      },
    );
  }
  const value = toValue(root) as Record<string, unknown>;
  const warnings = findDoubleKeys(text).map(({ keys, offset }) =>
    `config ${path}:${lineOf(text, offset)}: key "${
      keys.join(".")
    }" stands twice; the last one holds`
  );
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

  let config: s.ValueOf<typeof shape>;
  try {
    config = s.check(shape, value, (keys) => {
      warnings.push(
        `config ${path}:${place(keys).line}: unknown key "${keys.join(".")}" is ignored`,
      );
    });
  } catch (error) {
    if (error instanceof s.ShapeError) return refuse(error.keys, error.message);
    throw error;
  }
  const runners: Record<string, Runner> = { ...BUILT_IN_RUNNERS };
  for (const [name, runner] of Object.entries(config.runners ?? {})) {
    runners[name] = { ...runners[name], ...runner };
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

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
