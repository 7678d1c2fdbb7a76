/**
 * A verb's flags and arguments as people type them; read by help, completions and README.
 *
 * @module
 */
import type { Verb } from "./verb.ts";

/** One flag. */
export interface FlagDoc {
  /** With its dashes: `--dry-run`. */
  readonly name: string;
  /** With its dash: `-n`; undefined where there is no short form. */
  readonly short: string | undefined;
  /** What stands for its value; undefined for a switch. */
  readonly value: string | undefined;
  readonly brief: string;
  readonly isRequired: boolean;
}

/** Lists the flags of a verb, without `--help`, which every verb has. */
export function flagsOf({ parameters }: Verb): readonly FlagDoc[] {
  const letters = Object.entries(parameters.aliases ?? {});
  return Object.entries(parameters.flags ?? {}).filter(([, { hidden }]) => !hidden)
    .map(([key, flag]) => {
      const letter = letters.find(([, target]) => target === key)?.[0];
      return {
        name: "--" + key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`),
        short: letter === undefined ? undefined : `-${letter}`,
        value: flag.kind === "boolean" ? undefined : flag.placeholder ?? flag.values?.join("|"),
        brief: flag.brief,
        isRequired: flag.kind !== "boolean" && !flag.optional && flag.default === undefined,
      };
    });
}

/** One positional argument. */
export interface ArgumentDoc {
  /** As in a usage line: `<id>`, `[runner]`, `<text…>`. */
  readonly shown: string;
  readonly brief: string;
}

/** Lists the positional arguments of a verb. */
export function argumentsOf({ parameters: { positional } }: Verb): readonly ArgumentDoc[] {
  if (positional === undefined) return [];
  if (positional.kind === "array") {
    const { placeholder = "args", brief } = positional.parameter;
    const isOptional = (positional.minimum ?? 0) === 0;
    return [{ shown: isOptional ? `[${placeholder}…]` : `<${placeholder}…>`, brief }];
  }
  return positional.parameters.map((argument, at) => {
    const name = argument.placeholder ?? `arg${at + 1}`;
    const isOptional = argument.optional || argument.default !== undefined;
    return { shown: isOptional ? `[${name}]` : `<${name}>`, brief: argument.brief };
  });
}

/** Says how a verb is called, without the program's name: `log <id> [--tail N]`. */
export function synopsisOf(verb: Verb): string {
  const flags = flagsOf(verb).map(({ name, short, value, isRequired }) => {
    const shown = value === undefined ? short ?? name : `${name} ${value}`;
    return isRequired ? shown : `[${shown}]`;
  });
  return [verb.name, ...argumentsOf(verb).map(({ shown }) => shown), ...flags].join(" ");
}
