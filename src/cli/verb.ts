/**
 * The shape of a verb: a record with its name, its words, its parameters and its function.
 * One file a verb, so that listing `verbs/` lists the commands.
 *
 * @module
 */
import {
  buildCommand,
  type Command,
  type CommandContext,
  type TypedCommandParameters,
} from "@stricli/core";
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
  /** What a completion offers for the first argument; nothing where left out. */
  readonly completes: "session" | "question" | undefined;
  readonly command: Command<CliContext & CommandContext>;
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
  readonly completes?: "session" | "question";
  readonly parameters: TypedCommandParameters<F, A, CliContext & CommandContext>;
  /** Runs the verb; heavy parts are imported inside, so that other verbs start without them. */
  readonly run: (this: CliContext, flags: F, ...args: A) => void | Promise<void>;
}

/** Makes a verb from its record. */
export function defineVerb<F extends Flags, A extends readonly unknown[]>(
  record: VerbRecord<F, A>,
): Verb {
  const { run } = record;
  return {
    name: record.name,
    aliases: record.aliases ?? [],
    group: record.group,
    brief: record.brief,
    example: record.example,
    completes: record.completes,
    command: buildCommand<F, A, CliContext & CommandContext>({
      func(flags: F, ...args: A) {
        return run.call(this, flags, ...args);
      },
      parameters: record.parameters,
      docs: {
        brief: record.brief,
        fullDescription: [
          `${record.brief}.`,
          ...(record.detail ? ["", record.detail] : []),
          "",
          `Example: ${record.example}`,
        ].join("\n"),
      },
    }),
  };
}
