/**
 * What every verb gets from the outside: environment, output, and the exit code it may set.
 *
 * @module
 */
import type { StricliProcess } from "@stricli/core";
import { ExitCode } from "../base/errors.ts";
import { type Environment, realEnvironment } from "../profile/environment.ts";
import { writeAllSync } from "../base/write_all.ts";

/** Thrown when whoever reads our output has gone (`| head`): the program ends quietly. */
export class ClosedPipe extends Error {}

/** The process as a verb sees it; tests hand in their own. */
export interface CliContext {
  readonly process: StricliProcess;
  readonly env: Environment;
  /** The exit code when the verb returns without an error. */
  exitCode: number;
  /** Writes to standard output, which holds only what was asked for. */
  print(text: string): void;
  /** Writes one line of remark to standard error. */
  remark(line: string): void;
  readonly stdoutIsTerminal: boolean;
  /** Asks for the terminal's width in cells; undefined where standard output is none. */
  columns(): number | undefined;
}

/** Builds the context of the real process. */
export function processContext(env: Environment = realEnvironment): CliContext {
  const encoder = new TextEncoder();
  const writerTo = (file: { writeSync(bytes: Uint8Array): number }) => (text: string) => {
    try {
      writeAllSync(file as Deno.FsFile, encoder.encode(text));
    } catch (error) {
      // A terminal that was closed answers with EIO (errno 5), a pipe that nobody reads with EPIPE.
      const isGone = error instanceof Deno.errors.BrokenPipe ||
        (error instanceof Error && /\(os error 5\)/.test(error.message));
      if (isGone) throw new ClosedPipe();
      throw error;
    }
  };
  const print = writerTo(Deno.stdout);
  const complain = writerTo(Deno.stderr);
  return {
    // The library's own voice is not heard: `app.ts` says what it found.
    process: { stdout: { write() {} }, stderr: { write() {} }, env: {} },
    env,
    exitCode: ExitCode.done,
    print,
    remark: (line) => complain(line + "\n"),
    stdoutIsTerminal: Deno.stdout.isTerminal(),
    columns: terminalColumns,
  };
}

function terminalColumns(): number | undefined {
  try {
    // Asks standard error or input where standard output is none, hence the look before.
    return Deno.stdout.isTerminal() ? Deno.consoleSize().columns || undefined : undefined;
  } catch {
    return undefined; // A terminal that does not tell its size.
  }
}

/**
 * Makes a printer that falls silent when its reader has gone, for verbs whose work counts more than
 * who watches it: a loop goes on, a demo cleans up.
 */
export function unlessClosed(print: (text: string) => void): (text: string) => void {
  let isOpen = true;
  return (text) => {
    if (!isOpen) return;
    try {
      print(text);
    } catch (error) {
      if (!(error instanceof ClosedPipe) && !(error instanceof Deno.errors.BadResource)) {
        throw error;
      }
      isOpen = false;
    }
  };
}
