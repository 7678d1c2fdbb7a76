/**
 * Joins the verbs to the command line: argv in, exit code out. Knows nothing of what a verb does.
 *
 * @module
 */
import { ExitCode } from "../base/errors.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import { type CliContext, ClosedPipe } from "./context.ts";
import { findNearest } from "../base/nearest.ts";
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
    const prefix = verb.name === fallback ? "looop" : `looop ${verb.name}`;
    // The library that reads arguments is loaded by those who get some.
    const isAlone = line.length === 0 || verb.ignoresWords;
    if (isAlone && verb.runAlone) return await runAlone(verb, context, prefix);
    const { runVerb } = await import("./run_verb.ts");
    return await runVerb(verb, line, context, prefix);
  } catch (error) {
    if (error instanceof ClosedPipe) return ExitCode.done;
    throw error;
  }
}

async function runAlone(verb: Verb, context: CliContext, prefix: string): Promise<number> {
  try {
    await verb.runAlone!(context);
    return context.exitCode;
  } catch (error) {
    if (error instanceof ClosedPipe) return ExitCode.done;
    const { reportFailure } = await import("./run_verb.ts");
    return reportFailure(error, context, { prefix, verb });
  }
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
