/**
 * Starts the process that keeps a session. It reads what to keep from its standard input, so that it
 * can come up while its starter still makes sure that all is well, and so that the environment of the
 * command, with the secrets in it, never lies in a file.
 *
 * @module
 */
import { supervisorEnvironment } from "./environment.ts";

/** A supervisor that waits to be told its session. Disposed of untold, it ends and leaves nothing. */
export interface WaitingSupervisor extends AsyncDisposable {
  /** Tells it its session, as one JSON text. */
  tell(spec: string): Promise<void>;
  /** Whether the process is over. */
  hasEnded(): boolean;
}

/**
 * Starts a supervisor in a process session of its own, tied to nothing of ours but its input.
 *
 * @param command The command line of `looop _supervise`.
 */
export function launchSupervisor(command: readonly string[]): WaitingSupervisor {
  const [program = "", ...args] = command;
  let hasEnded = false;
  const child = new Deno.Command(program, {
    args,
    cwd: "/",
    clearEnv: true,
    env: supervisorEnvironment(Deno.env.toObject()),
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  child.unref();
  void child.status.then(() => hasEnded = true);
  const input = child.stdin.getWriter();
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    // One that has ended already closed it from its side; `hasEnded()` tells.
    await input.close().catch(() => {});
  };
  return {
    async tell(spec) {
      await input.write(new TextEncoder().encode(spec)).catch(() => {});
      await close();
    },
    hasEnded: () => hasEnded,
    [Symbol.asyncDispose]: close,
  };
}
