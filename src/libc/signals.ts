/**
 * How signals were set when this process was started.
 *
 * @module
 */
import { hasLibc, openLibc } from "./load.ts";
import * as plain from "./plain_processes.ts";

const SIG_IGN = 1n; // signal.h, the same on Linux and macOS

/**
 * Tells whether a signal is ignored, as `nohup` leaves SIGHUP. Ask before adding a listener, which
 * would undo what the caller meant.
 *
 * @param number The signal's number on this system.
 */
export function isIgnored(number: number): boolean {
  if (!hasLibc()) return plain.isIgnored(number);
  // struct sigaction begins with the handler's address, on both systems (sigaction(2)).
  const old = new Uint8Array(256);
  const library = openLibc({
    sigaction: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  });
  try {
    if (library.symbols.sigaction(number, 0n, old) !== 0) return false;
    return new DataView(old.buffer).getBigUint64(0, true) === SIG_IGN;
  } finally {
    library.close();
  }
}
