/**
 * The shape of a verb: a record with its name, its words, its parameters and its function.
 * One file a verb, so that listing `verbs/` lists the commands.
 *
 * @module
 */
import type { buildCommand, Command, CommandContext, TypedCommandParameters } from "@stricli/core";
import type { CliContext } from "./context.ts";

/** Headings of `looop --help`, in this order. */
export const VERB_GROUPS = ["loop", "workers", "questions", "records", "setup"] as const;

/** A heading of `looop --help`. */
export type VerbGroup = (typeof VERB_GROUPS)[number];

/** One verb, ready to be listed, explained, completed and run. */
export interface Verb {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly group: VerbGroup | "hidden";
  readonly brief: string;
  readonly example: string;
  /** More lines for `--help`; empty where the brief says it all. */
  readonly detail: string;
  readonly completes: Completes | undefined;
  readonly completesLater: CompletesLater | undefined;
  /** The parameters as help and completions read them. */
  readonly parameters: ParameterRecord;
  /** Its words are for people who look at processes; it reads none of them. */
  readonly ignoresWords: boolean;
  /** Runs the verb without any argument, and without the library; undefined where it needs some. */
  readonly runAlone: ((context: CliContext) => void | Promise<void>) | undefined;
  /** Builds the runnable command with the library's builder; only the verb that runs loads it. */
  readonly command: (build: typeof buildCommand) => Command<CliContext & CommandContext>;
}

/** What a completion offers for the first argument: live ids, or these words. */
export type Completes = "session" | "question" | readonly string[];

/** What a completion offers for an argument behind the first. */
export interface CompletesLater {
  /** Which argument: 2 is the one behind the first. */
  readonly at: number;
  /** Whether also for each one behind that. */
  readonly onwards: boolean;
  /** Names of runners for workers, or of keys. */
  readonly offers: "runner" | "key";
}

/** A flag as its verb wrote it down. */
export interface FlagRecord {
  readonly kind: "boolean" | "parsed" | "enum" | "counter";
  readonly brief: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly default?: unknown;
  readonly hidden?: boolean;
  readonly values?: readonly string[];
}

/** A positional argument as its verb wrote it down. */
export interface ArgumentRecord {
  readonly brief: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly default?: unknown;
}

/** A verb's parameters, without the types that its function sees. */
export interface ParameterRecord {
  readonly flags?: Readonly<Record<string, FlagRecord>>;
  /** One letter to a flag's name. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly positional?:
    | { readonly kind: "tuple"; readonly parameters: readonly ArgumentRecord[] }
    | { readonly kind: "array"; readonly parameter: ArgumentRecord; readonly minimum?: number };
}

type Flags = Readonly<Record<string, unknown>>;

/** The flags of a verb that takes none. */
export type NoFlags = Readonly<Record<never, never>>;

/** What a verb's file writes down. */
export interface VerbRecord<F extends Flags, A extends readonly unknown[]> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: Verb["group"];
  /** One line: what the verb does, starting with a verb, without a period. */
  readonly brief: string;
  /** More lines for `--help`, where the brief leaves a question open. */
  readonly detail?: string;
  /** One command line that a newcomer can type as it stands. */
  readonly example: string;
  /** What a completion offers for the first argument; nothing where left out. */
  readonly completes?: Completes;
  /** What it offers for one behind that; nothing where left out. */
  readonly completesLater?: CompletesLater;
  readonly parameters: TypedCommandParameters<F, A, CliContext & CommandContext>;
  /** See `Verb`; false where left out. */
  readonly ignoresWords?: boolean;
  /** Runs the verb; heavy parts are imported inside, so that other verbs start without them. */
  readonly run: (this: CliContext, flags: F, ...args: A) => void | Promise<void>;
}

/** Makes a verb from its record. */
export function defineVerb<F extends Flags, A extends readonly unknown[]>(
  record: VerbRecord<F, A>,
): Verb {
  const { run } = record;
  const parameters = record.parameters as unknown as ParameterRecord;
  const flags = flagsWhenAlone(parameters);
  return {
    name: record.name,
    aliases: record.aliases ?? [],
    group: record.group,
    brief: record.brief,
    detail: record.detail ?? "",
    example: record.example,
    completes: record.completes,
    completesLater: record.completesLater,
    parameters,
    ignoresWords: record.ignoresWords ?? false,
    runAlone: flags && ((context) => run.call(context, flags as F, ...([] as unknown as A))),
    command: (build) =>
      build<F, A, CliContext & CommandContext>({
        func(flags: F, ...args: A) {
          return run.call(this, flags, ...args);
        },
        parameters: record.parameters,
        docs: { brief: record.brief },
      }),
  };
}

/** The flags of a verb that gets no argument; undefined where that is for the library to say. */
function flagsWhenAlone({ flags = {}, positional }: ParameterRecord): Flags | undefined {
  if (positional !== undefined) return undefined;
  const values: Record<string, unknown> = {};
  for (const [name, { kind, default: value, optional }] of Object.entries(flags)) {
    if (kind === "boolean" && typeof value === "boolean") values[name] = value;
    else if (optional !== true || value !== undefined) return undefined;
  }
  return values;
}
