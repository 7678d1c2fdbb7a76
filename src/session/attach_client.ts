/**
 * The terminal's side of `attach`: raw mode, every byte both ways, the size followed, and the
 * terminal restored at the end, however it comes.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import { LooopError } from "../base/errors.ts";
import { C, POLLHUP, POLLIN } from "../libc/constants.ts";
import {
  closeFd,
  makeFifo,
  openFd,
  type PollEntry,
  pollFds,
  pollFdsHere,
  readFd,
  writeFd,
} from "../libc/descriptors.ts";
import { hasLibc } from "../libc/load.ts";
import { request } from "./channel.ts";
import { DetachKeys } from "./detach_keys.ts";
import { findSession } from "./registry.ts";
import { enterRawMode } from "./terminal_guard.ts";
import { writeAllSync } from "../base/write_all.ts";

const STDIN_FD = 0;
/** One Ctrl-\ goes to the program when no second one follows within this time. */
const HOLD_MS = 700;
/** A program that does not read stops the keyboard, not the screen: how long until the next try. */
const FULL_PAUSE_MS = 5;
/**
 * While somebody types, the echo and the next key are waited for on this thread, which spares waking it
 * from another one; in steps, between which signals get their turn.
 */
const TYPING_MS = 300;
const STEP_MS = 10;
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Why the terminal was let go. */
export type DetachReason = "left" | "thrown out" | "session ended";

/** A session, and who attaches to it. */
export interface AttachOptions {
  readonly sessionsDir: string;
  readonly id: string;
  readonly dir: string;
  /** Told to whoever tries to attach meanwhile. */
  readonly who: string;
  /** Ends this process after a signal, once the terminal is restored. */
  readonly exit: (code: number) => void;
}

/**
 * Joins this terminal to a session until the user leaves, somebody throws them out, or the session ends.
 *
 * @throws {LooopError} When somebody else is attached; says who.
 */
export async function attachTerminal(options: AttachOptions): Promise<DetachReason> {
  const { dir, id } = options;
  if (!hasLibc()) {
    throw new LooopError("attach needs the C library, which cannot be called here", {
      hint: `\`looop watch ${id}\` shows the output, \`looop send ${id} …\` types`,
    });
  }
  using input = new Fifo(dir, "readwrite");
  using output = new Fifo(dir, "read");
  const { columns, rows } = Deno.consoleSize();
  const ends = { input: input.name, output: output.name, cols: columns, rows, who: options.who };
  const { busy } = await request(dir, "attach", ends);
  if (typeof busy === "string") {
    throw new LooopError(`${busy} is attached to "${id}"`, {
      hint: `\`looop detach ${id}\` throws them out, \`looop watch ${id}\` looks on`,
    });
  }
  const terminal = await enterRawMode();
  const resize = () => {
    const size = Deno.consoleSize();
    request(dir, "resize", { cols: size.columns, rows: size.rows }).catch(() => {
      // The session has ended: the loop below is about to notice.
    });
  };
  const leave = Object.entries(SIGNALS).map(([signal, code]) => ({
    signal: signal as Deno.Signal,
    listener: () => {
      terminal.restore();
      options.exit(code);
    },
  }));
  Deno.addSignalListener("SIGWINCH", resize);
  for (const { signal, listener } of leave) Deno.addSignalListener(signal, listener);
  try {
    const hasLeft = await passBytes(input.fd, output.fd);
    if (hasLeft) return "left";
    return findSession(options.sessionsDir, id)?.isAlive ? "thrown out" : "session ended";
  } finally {
    terminal.restore();
    Deno.removeSignalListener("SIGWINCH", resize);
    for (const { signal, listener } of leave) Deno.removeSignalListener(signal, listener);
  }
}

/** Passes bytes both ways. Returns true when the user left, false when the other side did. */
async function passBytes(toProgram: number, fromProgram: number): Promise<boolean> {
  const keys = new DetachKeys();
  const buffer = new Uint8Array(65536);
  let pending: Uint8Array<ArrayBuffer> = new Uint8Array();
  let holdUntil = Infinity;
  let typingUntil = 0;
  for (;;) {
    const isFull = pending.length > 0;
    const waitMs = isFull ? FULL_PAUSE_MS : Math.max(0, holdUntil - performance.now());
    const entries = [{ fd: fromProgram, events: POLLIN }];
    if (!isFull) entries.push({ fd: STDIN_FD, events: POLLIN });
    const [shown = 0, typed = 0] = performance.now() < typingUntil
      ? await pollInTurn(entries, Math.min(STEP_MS, waitMs))
      : await pollFds(entries, waitMs === Infinity ? -1 : waitMs);
    if (shown & POLLIN) {
      const count = readFd(fromProgram, buffer);
      if (count > 0) writeAllSync(Deno.stdout as unknown as Deno.FsFile, buffer.subarray(0, count));
      else if (count === 0) return false;
    } else if (shown & POLLHUP) return false;
    let pass = "";
    if (typed !== 0) {
      const count = readFd(STDIN_FD, buffer);
      if (count <= 0 && count !== -C.EAGAIN) return true; // The terminal is gone.
      const result = keys.push(toText(buffer.subarray(0, Math.max(0, count))));
      if (result.isLeaving) return true;
      pass = result.pass;
      holdUntil = keys.isHolding ? performance.now() + HOLD_MS : Infinity;
    } else if (performance.now() >= holdUntil) {
      pass = keys.release();
      holdUntil = Infinity;
    }
    if (pass !== "") pending = Uint8Array.from(pass, (char) => char.charCodeAt(0));
    if (pending.length === 0) continue;
    const written = writeFd(toProgram, pending);
    if (written > 0) typingUntil = performance.now() + TYPING_MS;
    if (written > 0) pending = pending.subarray(written);
  }
}

/** Waits on this thread; where nothing came, the event loop gets its turn before the next wait. */
async function pollInTurn(
  entries: readonly PollEntry[],
  waitMs: number,
): Promise<readonly number[]> {
  const events = pollFdsHere(entries, waitMs);
  if (events.every((event) => event === 0)) await new Promise((go) => setTimeout(go, 0));
  return events;
}

/** One character per byte, so that any byte passes unchanged. */
function toText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A FIFO in the session's folder that goes with the attachment. */
class Fifo implements Disposable {
  readonly name = `a-${crypto.randomUUID()}`;
  readonly fd: number;
  readonly #path: string;

  constructor(dir: string, mode: "read" | "readwrite") {
    this.#path = join(dir, this.name);
    const made = makeFifo(this.#path);
    this.fd = made < 0 ? made : openFd(this.#path, mode);
    if (this.fd < 0) throw new LooopError(`cannot make a FIFO in ${dir}: error ${-this.fd}`);
  }

  [Symbol.dispose](): void {
    closeFd(this.fd);
    removeIfThere(this.#path);
  }
}
