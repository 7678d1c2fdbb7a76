/**
 * Joins the verbs to the command line: argv in, exit code out. Knows nothing of what a verb does.
 *
 * @module
 */
import { ArgumentScannerError, buildApplication, run, text_en } from "@stricli/core";
import { ExitCode, LooopError, messageOf } from "../base/errors.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import { decapitalise, explainArgument } from "./argument_errors.ts";
import { type CliContext, ClosedPipe } from "./context.ts";
import { findNearest } from "./nearest.ts";
import { paintWith, wantsColour } from "./style.ts";
import { rootUsage, verbUsage } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Runs one command line.
 *
 * @param args What stands behind the program's name.
 * @param verbs All verbs; the one named `fallback` runs when no verb is given.
 * @returns The exit code.
 */
export async function runCommandLine(
  args: readonly string[],
  context: CliContext,
  verbs: readonly Verb[],
  fallback: string,
): Promise<number> {
  const [first = "--"] = args;
  const named = verbs.find((known) => known.name === first || known.aliases.includes(first));
  const verb = named ??
    (first.startsWith("-") ? verbs.find(({ name }) => name === fallback) : undefined);
  if (verb === undefined) {
    context.remark(explainUnknownVerb(first, verbs));
    return ExitCode.usage;
  }
  const line = named ? args.slice(1) : args;
  try {
    if (asksForHelp(line)) {
      const paint = paintWith(wantsColour(context));
      context.print(named ? verbUsage(verb, fallback, paint) : rootUsage(verbs, fallback, paint));
      return ExitCode.done;
    }
    return await runVerb(
      verb,
      line,
      context,
      verb.name === fallback ? "looop" : `looop ${verb.name}`,
    );
  } catch (error) {
    if (error instanceof ClosedPipe) return ExitCode.done;
    throw error;
  }
}

async function runVerb(
  verb: Verb,
  line: readonly string[],
  context: CliContext,
  prefix: string,
): Promise<number> {
  const failure: { error?: unknown } = {};
  // The library tells every missing argument; the first one is enough to act on.
  const explain = (error: unknown): string => {
    failure.error ??= error;
    return "";
  };
  const app = buildApplication(verb.command(), {
    name: "looop",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
    determineExitCode: exitCodeOf,
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments: explain,
        exceptionWhileLoadingCommandFunction: explain,
        exceptionWhileLoadingCommandContext: explain,
        exceptionWhileRunningCommand: explain,
        commandErrorResult: explain,
      },
    },
  });
  await run(app, line, context);
  if (failure.error instanceof ClosedPipe) return ExitCode.done;
  if (failure.error !== undefined) {
    context.remark(explainError(prefix, failure.error, context, verb));
    return exitCodeOf(failure.error);
  }
  const status = Number(context.process.exitCode ?? ExitCode.done);
  // The library's own codes are negative: all of them are wrong usage.
  if (status < 0) return ExitCode.usage;
  return status === ExitCode.done ? context.exitCode : status;
}

/** Tells whether a flag before any `--` asks for help. */
function asksForHelp(line: readonly string[]): boolean {
  const end = line.indexOf("--");
  const flags = end === -1 ? line : line.slice(0, end);
  return flags.includes("--help") || flags.includes("-h");
}

function explainUnknownVerb(input: string, verbs: readonly Verb[]): string {
  const names = verbs.filter(({ group }) => group !== "hidden")
    .flatMap(({ name, aliases }) => [name, ...aliases]).filter((name) => !name.startsWith("-"));
  const nearest = findNearest(input, names);
  const shown = foldLine(shorten(input, 60));
  return `looop: no verb "${shown}"; ${
    nearest === undefined ? "see `looop --help`" : `did you mean "${nearest}"?`
  }`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof LooopError) return error.exitCode;
  return error instanceof ArgumentScannerError ? ExitCode.usage : ExitCode.failed;
}

/** Says what failed, why, and what to do, in one line; a stack only with `LOOOP_DEBUG=1`. */
function explainError(prefix: string, error: unknown, context: CliContext, verb: Verb): string {
  const wantsStack = context.env("LOOOP_DEBUG") === "1";
  if (error instanceof ArgumentScannerError) {
    return `${prefix}: ${foldLine(explainArgument(error, verb, `${prefix} --help`))}`;
  }
  if (error instanceof LooopError) {
    const line = foldLine(
      `${prefix}: ${decapitalise(error.message)}${error.hint && `; ${error.hint}`}`,
    );
    return wantsStack ? `${line}\n${error.stack}` : line;
  }
  const line = foldLine(`${prefix}: ${messageOf(error)}`);
  if (wantsStack && error instanceof Error) return `${line}\n${error.stack}`;
  // The system's own refusal (a full disk, a mode, a folder in a file's place) is no bug of ours.
  return /\(os error \d+\)/.test(line)
    ? `${line}; look at the data dir's space, owner, modes and files, \`looop doctor\` helps`
    : `${line}; this may be a bug, LOOOP_DEBUG=1 shows where`;
}
