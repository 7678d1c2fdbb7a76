/**
 * Starts a program on a pseudo-terminal with whatever this system offers.
 *
 * @module
 */
import { NoTerminal, startWithLibc } from "./libc_backend.ts";
import type { Poller } from "./poller.ts";
import { startWithScript } from "./script_backend.ts";
import type { PtyEvents, PtyProcess, PtyRequest } from "./pty_process.ts";

/** Which way to make terminals; "auto" takes script(1) where libc makes none. */
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
  backend: BackendChoice,
): PtyProcess {
  if (backend === "script") return startWithScript(request, events);
  try {
    return startWithLibc(poller, request, events);
  } catch (error) {
    if (backend === "libc" || !(error instanceof NoTerminal)) throw error;
    return startWithScript(request, events);
  }
}
