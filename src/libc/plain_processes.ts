/**
 * Signals and the list of processes without foreign calls: by Deno and by the program `ps`.
 *
 * @module
 */
import { C, SIGHUP, SIGKILL, SIGTERM } from "./constants.ts";

const EPERM = 1; // errno.h, the same on Linux and macOS
const ESRCH = 3;

/** The signals that looop sends. */
const NAMES: ReadonlyMap<number, Deno.Signal> = new Map([
  [SIGHUP, "SIGHUP"],
  [SIGKILL, "SIGKILL"],
  [SIGTERM, "SIGTERM"],
  [C.SIGSTOP, "SIGSTOP"],
  [C.SIGCONT, "SIGCONT"],
]);

/** Sends a signal. Returns 0 or a negative errno; signal 0 only asks whether the process is there. */
export function signalProcess(pid: number, signal: number): number {
  const name = NAMES.get(signal);
  if (name === undefined) return ps(["-o", "pid=", "-p", String(pid)]).trim() === "" ? -ESRCH : 0;
  try {
    Deno.kill(pid, name);
    return 0;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ? -EPERM : -ESRCH;
  }
}

/** A process, with its command and, where it may be read, its environment behind it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly isZombie: boolean;
  readonly words: string;
}

/** Lists all processes. */
export function listProcesses(): readonly ListedProcess[] {
  const columns = ["pid=", "ppid=", "stat=", "command="].flatMap((column) => ["-o", column]);
  return ps(["axeww", ...columns]).split("\n").flatMap((line) => {
    const [, pid, parent, state = "", words = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line) ??
        [];
    if (pid === undefined) return [];
    if (Number(parent) === Deno.pid && words.startsWith("ps axeww")) return []; // This very look.
    return [{ pid: Number(pid), parent: Number(parent), isZombie: state.startsWith("Z"), words }];
  });
}

/** Tells whether this process ignores a signal. */
export function isIgnored(number: number): boolean {
  const mask = ps(["-o", "ignored=", "-p", String(Deno.pid)]).trim();
  return /^[0-9a-f]+$/i.test(mask) && (BigInt(`0x${mask}`) >> BigInt(number - 1)) % 2n === 1n;
}

function ps(args: readonly string[]): string {
  try {
    const { stdout } = new Deno.Command("ps", { args: [...args], stderr: "null" }).outputSync();
    return new TextDecoder().decode(stdout);
  } catch {
    return ""; // No such program: nothing can be told of other processes.
  }
}
