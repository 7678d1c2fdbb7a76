/**
 * Sees a download that is saved and run by a later command of the same text.
 *
 * @module
 */
import { operands } from "./rule.ts";
import type { SimpleCommand } from "./simple_command.ts";
import { isDownloader } from "./words.ts";
import { isShell } from "./wrappers.ts";

const RUNS_A_FILE = /^(source|\.|chmod|python[\d.]*|perl|ruby|node|php)$/;

/** Returns the command that runs what an earlier one downloaded; undefined where there is none. */
export function findDownloadThatRuns(
  commands: readonly SimpleCommand[],
): SimpleCommand | undefined {
  const saved = new Set<string>();
  for (const command of commands) {
    if (isDownloader(command.program)) {
      for (const name of savedBy(command)) saved.add(name);
      continue;
    }
    const runs = isShell(command.program) || RUNS_A_FILE.test(command.program)
      ? scripts(command)
      : /[./]/.test(command.writtenAs)
      ? [command.writtenAs]
      : [];
    if (runs.some((path) => saved.has(baseName(path)))) return command;
  }
}

/** Behind a script of another name stand its arguments: `python3 plot.py data.csv`. */
function scripts({ program, words }: SimpleCommand): readonly string[] {
  const names = operands(words);
  const isScript = (name: string) => /\.(py|m?[cj]s|ts|rb|pl|php|(ba|z)?sh)$/.test(name);
  const loads = words.some((word) => /^(-r|-I|-M|--require|--import|--loader)/.test(word));
  const isOwn = isScript(names[0] ?? "") && !loads && !/^(chmod|source|\.)$/.test(program);
  return isOwn ? names.filter((name, at) => at === 0 || isScript(name)) : names;
}

/** Names under which a download is saved: `-o x`, `> x`, the last part of its address. */
function savedBy({ words, writesTo }: SimpleCommand): readonly string[] {
  return [
    ...words.filter((word) => !word.startsWith("-") || word.startsWith("-o")),
    ...writesTo
      .map(({ value }) => value),
  ].map((word) => baseName(word.replace(/^-o/, "").replace(/[?#].*$/s, "")))
    .filter((name) => name !== "" && name !== "-");
}

function baseName(path: string): string {
  return path.replace(/^.*\//s, "");
}
