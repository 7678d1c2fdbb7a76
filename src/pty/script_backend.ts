/**
 * A program on a pseudo-terminal that `script(1)` makes, for systems on which libc's own calls make
 * none. It sees pipes, not the terminal, and therefore cannot do all that the libc backend can.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";
import { isDarwin } from "../libc/constants.ts";
import { findProgram } from "./find_program.ts";
import type { PtyEvents, PtyProcess, PtyRequest } from "./pty_process.ts";

/** What this backend cannot do, for `looop doctor`. */
export const SCRIPT_BACKEND_LIMITS: readonly string[] = [
  "resize and attach do not change the size that the program started with",
  "send cannot tell whether the program has read its input, only that the terminal took it",
  "a signal that ends the program is told as exit code 128+n",
  "the pid shown is that of script(1), the program's parent",
];

/** What does not work where the C library cannot be called at all, besides. */
export const NO_LIBC_LIMITS: readonly string[] = [
  "attach does not work; watch, log, send and key do",
  "verbs that wait look again up to 50 times a second instead of being woken",
  "a supervisor's death is noticed after up to a second",
  "kill misses a job that left its session and emptied its environment",
];

/** Sets the size, then becomes the program. */
const PRELUDE = 'stty cols "$0" rows "$1" 2>/dev/null; shift; exec "$@"';
/** Output that is still in the pipe when `script` has ended comes within this. */
const LAST_OUTPUT_MS = 500;

/**
 * Starts a program under `script(1)`.
 *
 * @throws {LooopError} When there is no such program, or no `script`.
 */
export function startWithScript(request: PtyRequest, events: PtyEvents): PtyProcess {
  const path = request.env["PATH"] ?? "";
  const program = findProgram(request.command[0]!, request.cwd, path);
  const script = findProgram("script", request.cwd, path);
  const size = [String(request.cols), String(request.rows)];
  const argv = ["/bin/sh", "-c", PRELUDE, ...size, program, ...request.command.slice(1)];
  const line = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(script, {
      args: isDarwin ? ["-q", "/dev/null", ...argv] : ["-qefc", `exec ${line}`, "/dev/null"],
      cwd: request.cwd,
      env: { ...request.env, SHELL: "/bin/sh" },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (cause) {
    throw new LooopError(`cannot start ${script}`, { cause });
  }
  const input = child.stdin.getWriter();
  let isWriting = false;
  let isClosed = false;
  let resume = Promise.withResolvers<void>();
  resume.resolve();

  const pump = async () => {
    try {
      for await (const bytes of child.stdout) {
        await resume.promise;
        events.output(bytes);
      }
    } catch {
      // Closed on our side.
    }
  };
  const outputEnded = pump();
  void child.status.then(async ({ code, signal }) => {
    // A background job may hold the terminal open.
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      outputEnded,
      new Promise((late) => timer = setTimeout(late, LAST_OUTPUT_MS)),
    ]);
    clearTimeout(timer);
    isClosed = true;
    events.exited({ exitCode: signal === null ? code : 129, signal: null });
  });
  return {
    backend: "script",
    pid: child.pid,
    write(bytes) {
      if (isClosed) return -1;
      if (isWriting) return 0;
      isWriting = true;
      input.write(bytes.slice()).then(() => {
        isWriting = false;
        events.writable();
      }, () => isClosed = true);
      return bytes.length;
    },
    countUnread: () => 0,
    resize: () => false,
    setPaused(isPaused) {
      if (!isPaused) return resume.resolve();
      resume = Promise.withResolvers<void>();
    },
    drain: () => false,
    release: () => {},
    close: () => {
      isClosed = true;
      input.close().catch(() => {
        // The program is gone: so is the pipe.
      });
    },
  };
}
