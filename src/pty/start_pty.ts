/**
 * Starts a program on a pseudo-terminal with whatever this system offers.
 *
 * @module
 */
import { startWithLibc } from "./libc_backend.ts";
import type { Poller } from "./poller.ts";
import type { PtyEvents, PtyProcess, PtyRequest } from "./pty_process.ts";

/** Which way to make terminals; "auto" takes libc where it can be opened. */
export type BackendChoice = "auto" | "libc" | "script";

/**
 * Starts a program.
 *
 * @throws {LooopError} When it cannot be started.
 */
export function startPty(
  poller: Poller,
  request: PtyRequest,
  events: PtyEvents,
  _backend: BackendChoice,
): PtyProcess {
  return startWithLibc(poller, request, events);
}
