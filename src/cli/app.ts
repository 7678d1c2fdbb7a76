/**
 * Joins the verbs to the command line: argv in, exit code out. Knows nothing of what a verb does.
 *
 * @module
 */
import {
  ArgumentScannerError,
  buildApplication,
  buildRouteMap,
  formatMessageForArgumentScannerError,
  run,
  text_en,
} from "@stricli/core";
import { ExitCode, LooopError, messageOf } from "../base/errors.ts";
import { type CliContext, ClosedPipe } from "./context.ts";
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
  const verb = verbs.find((known) => known.name === first || known.aliases.includes(first));
  const isRootHelp = first === "--help" || first === "-h";
  const line = verb || isRootHelp || !first.startsWith("-") ? args : [fallback, ...args];
  const prefix = verb && verb.name !== fallback ? `looop ${verb.name}` : "looop";
  const failure: { error?: unknown } = {};
  const explain = (error: unknown): string => {
    failure.error = error;
    return explainError(prefix, error, context);
  };
  const app = buildApplication(
    buildRouteMap({
      routes: Object.fromEntries(verbs.map(({ name, command }) => [name, command])),
      aliases: Object.fromEntries(
        verbs.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])),
      ),
      docs: { brief: "A control loop for your work" },
    }),
    {
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
          noCommandRegisteredForInput: ({ input, corrections }) =>
            `looop: no verb "${input}"; ${
              corrections.length > 0
                ? `did you mean ${corrections.map((name) => `"${name}"`).join(" or ")}?`
                : "see `looop --help`"
            }`,
        },
      },
    },
  );
  await run(app, line, context);
  if (failure.error instanceof ClosedPipe) return ExitCode.done;
  if (failure.error !== undefined) return exitCodeOf(failure.error);
  const status = Number(context.process.exitCode ?? ExitCode.done);
  // The library's own codes (unknown verb, wrong flag) are negative: all of them are wrong usage.
  if (status < 0) return ExitCode.usage;
  return status === ExitCode.done ? context.exitCode : status;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof LooopError) return error.exitCode;
  return error instanceof ArgumentScannerError ? ExitCode.usage : ExitCode.failed;
}

/** Says what failed, why, and what to do, in one line; a stack only with `LOOOP_DEBUG=1`. */
function explainError(prefix: string, error: unknown, context: CliContext): string {
  if (error instanceof ClosedPipe) return "";
  const wantsStack = context.env("LOOOP_DEBUG") === "1";
  if (error instanceof ArgumentScannerError) {
    const message = formatMessageForArgumentScannerError(error, {});
    return `${prefix}: ${decapitalise(message)}; see \`${prefix} --help\``;
  }
  if (error instanceof LooopError) {
    const line = `${prefix}: ${decapitalise(error.message)}${error.hint && `; ${error.hint}`}`;
    return wantsStack ? `${line}\n${error.stack}` : line;
  }
  const line = `${prefix}: ${messageOf(error)}`;
  if (wantsStack && error instanceof Error) return `${line}\n${error.stack}`;
  return `${line}; this may be a bug, LOOOP_DEBUG=1 shows where`;
}

function decapitalise(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
