/**
 * What a program on a pseudo-terminal looks like to its keeper, whichever backend made it.
 *
 * @module
 */

/** A program to start. */
export interface PtyRequest {
  /** The program and its arguments; a name without a slash is looked up in the environment's PATH. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
}

/** How a program ended. */
export interface ExitStatus {
  /** 0..255, or null when a signal ended it. */
  readonly exitCode: number | null;
  /** The signal's number, or null when it exited by itself. */
  readonly signal: number | null;
}

/** What a backend tells its keeper. */
export interface PtyEvents {
  /** Bytes that the program wrote. They lie in a buffer that is used again after the call. */
  output(bytes: Uint8Array<ArrayBuffer>): void;
  /** The terminal takes input again. */
  writable(): void;
  /** The program itself has ended; what it started may live on and still write. */
  exited(status: ExitStatus): void;
}

/** A running program and its terminal. */
export interface PtyProcess {
  readonly backend: "libc" | "script";
  readonly pid: number;
  /** Gives bytes to the terminal's input. Returns how many fit, or -1 when the terminal is gone. */
  write(bytes: Uint8Array<ArrayBuffer>): number;
  /** Returns how many given bytes the program has not read yet; 0 where that cannot be known. */
  countUnread(): number;
  /** Sets the size. Returns false where the backend cannot. */
  resize(cols: number, rows: number): boolean;
  /** Stops or resumes reading: a program that is not read from waits. */
  setPaused(isPaused: boolean): void;
  /** Reads everything that is there now. Returns whether the terminal may still give more. */
  drain(): boolean;
  /** Lets go of the program's side, so that the end of the output can be seen. */
  release(): void;
  /** Closes the terminal. */
  close(): void;
}
