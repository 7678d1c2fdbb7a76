/**
 * A program on a pseudo-terminal made with libc: its own session, controlling terminal, clean
 * signals. Nothing here waits; one poller tells when to read and write.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";
import { C, EINTR, isDarwin } from "../libc/constants.ts";
import { closeFd, openFd, readFd, writeFd } from "../libc/descriptors.ts";
import { hasLibc } from "../libc/load.ts";
import { reapChild, spawnOnTerminal } from "../libc/processes.ts";
import { countUnread, openMaster, setWindowSize, slavePathOf } from "../libc/terminals.ts";
import { findProgram } from "./find_program.ts";
import { isAdoptingOrphans } from "../libc/process_tree.ts";
import type { Poller } from "./poller.ts";
import type { PtyEvents, PtyProcess, PtyRequest } from "./pty_process.ts";

/**
 * Read at most this much before it is written and other descriptors get their turn. Four times as much
 * no longer lies in the processor's cache when it is written, and takes a quarter more of its time.
 */
const BATCH_BYTES = 64 * 1024;

/** The system gives no pseudo-terminal to libc's calls. */
export class NoTerminal extends LooopError {
  override readonly name = "NoTerminal";
}

/**
 * Starts a program on a new terminal.
 *
 * @throws {LooopError} When there is no such program, no folder, or no free terminal.
 */
export function startWithLibc(
  poller: Poller,
  request: PtyRequest,
  events: PtyEvents,
): PtyProcess {
  if (!hasLibc()) throw new NoTerminal("cannot call the C library");
  const program = findProgram(request.command[0]!, request.cwd, request.env["PATH"] ?? "");
  const masterFd = openMaster();
  if (masterFd < 0) throw new NoTerminal(`cannot open a pseudo-terminal: error ${-masterFd}`);
  const slavePath = slavePathOf(masterFd);
  // Our own hold on the program's side. macOS takes a size only once it was opened; and a program
  // that closes its terminal for a while, to open it again, is not taken for ended.
  const slaveFd = slavePath === undefined ? -1 : openFd(slavePath, "readwrite");
  if (slavePath === undefined || slaveFd < 0) {
    closeFd(masterFd);
    throw new NoTerminal(`cannot open the pseudo-terminal ${slavePath ?? ""}: error ${-slaveFd}`);
  }
  setWindowSize(slaveFd, request.cols, request.rows);
  const pid = spawnIn(request.cwd, () =>
    spawnOnTerminal({
      ...throughTrampoline(program, request.command, slavePath),
      env: Object.entries(request.env).map(([name, value]) => `${name}=${value}`),
      terminalPath: slavePath,
    }));
  if (pid < 0) {
    closeFd(slaveFd);
    closeFd(masterFd);
    throw new LooopError(`cannot start ${program}: error ${-pid}`);
  }
  return keep(poller, { pid, masterFd, slaveFd }, events);
}

interface Ends {
  readonly pid: number;
  readonly masterFd: number;
  readonly slaveFd: number;
}

function keep(poller: Poller, { pid, masterFd, slaveFd }: Ends, events: PtyEvents): PtyProcess {
  const buffer = new Uint8Array(BATCH_BYTES);
  let isPaused = false;
  let hasEnded = false;
  let isFull = false;
  let isReleased = false;

  /** Reads one batch. A read gives 4 KB at most, so that many are gathered before the log grows. */
  const readBatch = (): "more" | "empty" | "ended" => {
    let length = 0;
    let outcome: "more" | "empty" | "ended" = "more";
    while (length < BATCH_BYTES - 8192) {
      const count = readFd(masterFd, buffer.subarray(length));
      if (count > 0) {
        length += count;
      } else if (count !== -EINTR) {
        // Linux says EIO once the program's side is closed, macOS 0 (the terminal was revoked).
        outcome = count === -C.EAGAIN ? "empty" : "ended";
        break;
      }
    }
    if (length > 0) events.output(buffer.subarray(0, length));
    if (outcome === "more") poller.expectAnswer();
    if (outcome === "ended") hasEnded = true;
    return outcome;
  };

  const stopWatching = poller.watch({
    fd: masterFd,
    wants: () => {
      if (hasEnded) return "none";
      if (isPaused) return isFull ? "write" : "none";
      return isFull ? "both" : "read";
    },
    onReady({ isReadable, isWritable, isHangUp }) {
      if ((isReadable || isHangUp) && !isPaused) readBatch();
      if (isWritable && isFull) {
        isFull = false;
        events.writable();
      }
    },
  });

  // A keeper that adopts the program's orphans takes them off the system's list as well.
  const onChildEnded = () => {
    for (;;) {
      const child = reapChild(isAdoptingOrphans() ? -1 : pid);
      if (!child) break;
      if (child.pid === pid) events.exited(child);
    }
  };
  Deno.addSignalListener("SIGCHLD", onChildEnded);
  // A program may end before the listener stands.
  queueMicrotask(onChildEnded);

  const release = () => {
    if (!isReleased) closeFd(slaveFd);
    isReleased = true;
  };
  return {
    backend: "libc",
    pid,
    write(bytes) {
      const count = writeFd(masterFd, bytes);
      if (count === -C.EAGAIN || count === -EINTR) {
        isFull = true;
        poller.wake();
        return 0;
      }
      return count < 0 ? -1 : count;
    },
    countUnread: () => isReleased ? 0 : Math.max(0, countUnread(slaveFd)),
    resize: (cols, rows) => setWindowSize(masterFd, cols, rows) === 0,
    setPaused(value) {
      isPaused = value;
      poller.wake();
    },
    drain() {
      while (!hasEnded) if (readBatch() === "empty") return true;
      return false;
    },
    release,
    close() {
      stopWatching();
      Deno.removeSignalListener("SIGCHLD", onChildEnded);
      release();
      closeFd(masterFd);
    },
  };
}

/** The child takes over our working directory; it is ours only for the length of the call. */
function spawnIn<T>(cwd: string, spawn: () => T): T {
  const before = Deno.cwd();
  try {
    Deno.chdir(cwd);
  } catch (cause) {
    throw new LooopError(`cannot enter the folder ${cwd}`, { cause });
  }
  try {
    return spawn();
  } finally {
    Deno.chdir(before);
  }
}

/**
 * macOS opens the terminal before the child leads its session, so that it would have no controlling
 * terminal (xnu bsd/kern/kern_exec.c): a shell opens it once more and then becomes the program.
 */
function throughTrampoline(path: string, command: readonly string[], terminal: string) {
  if (!isDarwin) return { path, argv: command };
  const script = 'exec "$@" <>"$0" >&0 2>&0';
  const argv = ["bash", "-c", script, terminal, path, ...command.slice(1)];
  return { path: "/bin/bash", argv };
}
