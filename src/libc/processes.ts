/**
 * The libc calls that start, end and reap processes.
 *
 * @module
 */
import { C, O_RDWR, POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK, WNOHANG } from "./constants.ts";
import { lastErrno, prepareErrno } from "./errno.ts";
import { cString, hasLibc, libcGroup } from "./load.ts";
import * as plain from "./plain_processes.ts";

const shared = {
  posix_spawn: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_adddup2: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawnattr_setsigmask: { parameters: ["buffer", "buffer"], result: "i32" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  strdup: { parameters: ["buffer"], result: "usize" },
  free: { parameters: ["usize"], result: "void" },
} as const;

const LINUX = {
  ...shared,
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u32"],
    result: "i32",
  },
} as const;

// mode_t has 16 bits there.
const DARWIN = {
  ...shared,
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u16"],
    result: "i32",
  },
} as const;

const libc = libcGroup(LINUX, DARWIN, prepareErrno);

/** A program to start on a terminal; `path` is looked up already. */
export interface SpawnRequest {
  readonly path: string;
  readonly argv: readonly string[];
  /** `NAME=value` strings: the whole environment. */
  readonly env: readonly string[];
  readonly terminalPath: string;
}

/**
 * Starts a program in a session of its own, the terminal as its input, output and errors, every
 * signal at its default and none blocked.
 *
 * @returns The pid, or a negative errno.
 */
export function spawnOnTerminal(request: SpawnRequest): number {
  const calls = libc();
  // Larger than any system's struct: 336 and 80 bytes on Linux, one pointer each on macOS.
  const attributes = new Uint8Array(512);
  const actions = new Uint8Array(512);
  const pid = new Uint8Array(4);
  const argv = cStringArray(request.argv);
  const env = cStringArray(request.env);
  calls.posix_spawnattr_init(attributes);
  calls.posix_spawn_file_actions_init(actions);
  try {
    const flags = C.POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    calls.posix_spawnattr_setflags(attributes, flags);
    // All bits, as an empty set would leave SIGPIPE ignored in the child. Linux reads 128 bytes.
    calls.posix_spawnattr_setsigdefault(attributes, new Uint8Array(128).fill(0xff));
    calls.posix_spawnattr_setsigmask(attributes, new Uint8Array(128));
    calls.posix_spawn_file_actions_addopen(actions, 0, cString(request.terminalPath), O_RDWR, 0);
    calls.posix_spawn_file_actions_adddup2(actions, 0, 1);
    calls.posix_spawn_file_actions_adddup2(actions, 0, 2);
    const path = cString(request.path);
    const error = calls.posix_spawn(pid, path, actions, attributes, argv.array, env.array);
    return error === 0 ? new DataView(pid.buffer).getInt32(0, true) : -error;
  } finally {
    calls.posix_spawn_file_actions_destroy(actions);
    calls.posix_spawnattr_destroy(attributes);
    argv.free();
    env.free();
  }
}

function cStringArray(strings: readonly string[]) {
  const addresses = strings.map((text) => BigInt(libc().strdup(cString(text))));
  return {
    array: new Uint8Array(new BigUint64Array([...addresses, 0n]).buffer),
    free: () => addresses.forEach((address) => libc().free(address)),
  };
}

/** How a child ended. */
export interface ReapedChild {
  readonly pid: number;
  /** The exit code, or null when a signal ended it. */
  readonly exitCode: number | null;
  /** The signal's number, or null when it exited by itself. */
  readonly signal: number | null;
}

/**
 * Takes one ended child off the system's list without waiting.
 *
 * @param which A child's pid, or -1 for any.
 * @returns How it ended; undefined when none has.
 */
export function reapChild(which: number): ReapedChild | undefined {
  const status = new Int32Array(1);
  const pid = libc().waitpid(which, new Uint8Array(status.buffer), WNOHANG);
  if (pid <= 0) return undefined;
  const signal = status[0]! & 0x7f;
  return signal === 0
    ? { pid, exitCode: (status[0]! >> 8) & 0xff, signal: null }
    : { pid, exitCode: null, signal };
}

/** Sends a signal. Returns 0 or a negative errno; signal 0 only asks whether the process is there. */
export function signalProcess(pid: number, signal: number): number {
  if (!hasLibc()) return plain.signalProcess(pid, signal);
  return libc().kill(pid, signal) === 0 ? 0 : -lastErrno();
}
