/**
 * The errors that looop shows to people: what failed, why, and what to type next.
 * Anything else that is thrown is a bug.
 *
 * @module
 */

/** Exit codes of every verb, in one place. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  timeout: 124,
  interrupted: 130,
} as const;

/** What an error may carry besides its message. */
export interface LooopErrorOptions {
  /** The next thing to do or type; shown behind the message. */
  readonly hint?: string;
  /** The process's exit code; 1 where left out. */
  readonly exitCode?: number;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/** A failure that a person can understand and mend. */
export class LooopError extends Error {
  override readonly name: string = "LooopError";
  readonly exitCode: number;
  readonly hint: string;

  constructor(message: string, options: LooopErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? ExitCode.failed;
    this.hint = options.hint ?? "";
  }
}

/** A wrong flag, argument or value: exit code 2. */
export class UsageError extends LooopError {
  override readonly name = "UsageError";
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { hint, exitCode: ExitCode.usage, cause });
  }
}

/** Something did not happen in time: exit code 124. */
export class TimeoutError extends LooopError {
  override readonly name = "TimeoutError";
  constructor(message: string, hint = "") {
    super(message, { hint, exitCode: ExitCode.timeout });
  }
}

/** Returns what an unknown thrown value says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
