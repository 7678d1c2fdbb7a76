/**
 * The parts that a supervisor is given: who keeps its screen, and who serves an attached terminal.
 * It runs without either.
 *
 * @module
 */
import type { ControlRequest } from "./control_request.ts";
import type { ScreenModes, ScreenSnapshot } from "./screen_snapshot.ts";

/** The supervisor, as the keeper of the screen sees it. */
export interface ScreenHost {
  /** The size at the start. */
  readonly size: { readonly cols: number; readonly rows: number };
  /** Log offset at which the screen begins. */
  readonly startOffset: number;
  /** Offset behind the last byte appended. */
  logEnd(): number;
  /** Reads the log from an offset on; 0 at the end. */
  readLog(offset: number, into: Uint8Array): number;
  /** Called when the screen shows the log up to an offset: nothing before it is read again. */
  shown(offset: number): void;
  /** Types an answer to a query of the program. */
  answer(bytes: Uint8Array): void;
}

/** Keeps the screen by reading the log behind the supervisor's back, in large batches. */
export interface ScreenKeeper {
  /** Called after each append; never waits. */
  grew(): void;
  resized(cols: number, rows: number): void;
  attached(isAttached: boolean): void;
  /** Resolves once the screen shows the log up to an offset. */
  passed(offset: number): Promise<void>;
  modes(): Promise<ScreenModes>;
  /** The screen as plain data, up to date with the log's end. */
  snapshot(): Promise<ScreenSnapshot>;
  dispose(): void;
}

/** The supervisor, as the server of attached terminals sees it. */
export interface AttachHost {
  readonly dir: string;
  readonly keeper: ScreenKeeper;
  /** Offset behind the last byte appended. */
  logEnd(): number;
  /** Reads the log from an offset on; 0 at the end. */
  readLog(offset: number, into: Uint8Array): number;
  /** Watches a descriptor in the supervisor's one `poll()`. Returns the function that stops it. */
  watchFd(fd: number, events: "read" | "write", onReady: (isHangUp: boolean) => void): () => void;
  /** Puts bytes on the program's input. */
  type(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
}

/** Serves attached terminals. */
export interface AttachServer {
  /** Answers the requests `attach` and `detach`. */
  handle(request: ControlRequest): Promise<Readonly<Record<string, unknown>>>;
  /** Called with every piece of output; it is not kept beyond the call. */
  output(bytes: Uint8Array): void;
  /** The session is over. */
  ended(): void;
}

/** What makes the parts. */
export interface SupervisorParts {
  readonly createScreenKeeper?: (host: ScreenHost) => ScreenKeeper;
  readonly createAttachServer?: (host: AttachHost) => AttachServer;
}
