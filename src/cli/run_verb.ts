/**
 * Runs one verb: arguments are read by the library, errors are told in looop's own words.
 *
 * @module
 */
import { ArgumentScannerError, buildApplication, buildCommand, run, text_en } from "@stricli/core";
import { ExitCode, LooopError, messageOf } from "../base/errors.ts";
import { foldLine } from "../base/plain_text.ts";
import { decapitalise, explainArgument } from "./argument_errors.ts";
import { type CliContext, ClosedPipe } from "./context.ts";
import type { Verb } from "./verb.ts";

/**
 * Runs a verb with what stands behind its name.
 *
 * @param prefix What an error begins with.
 * @returns The exit code.
 */
export async function runVerb(
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
  const app = buildApplication(verb.command(buildCommand), {
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
  if (failure.error !== undefined) return reportFailure(failure.error, context, { prefix, verb });
  const status = Number(context.process.exitCode ?? ExitCode.done);
  // The library's own codes are negative: all of them are wrong usage.
  if (status < 0) return ExitCode.usage;
  return status === ExitCode.done ? context.exitCode : status;
}

/** Says why a verb failed. @returns The exit code. */
export function reportFailure(
  error: unknown,
  context: CliContext,
  { prefix, verb }: { readonly prefix: string; readonly verb: Verb },
): number {
  context.remark(explainError(prefix, error, context, verb));
  return exitCodeOf(error);
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
      `${prefix}: ${decapitalise(error.message)}${error.hint && `; ${decapitalise(error.hint)}`}`,
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
