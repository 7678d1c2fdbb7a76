/**
 * Sessions of one test: real supervisors and real programs in a temporary folder, all of which must
 * be gone at the end.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { join } from "node:path";
import { isLocked } from "../../src/base/file_lock.ts";
import { SESSION_MARK_VARIABLE } from "../../src/session/environment.ts";
import { endTree, findTree } from "../../src/libc/process_tree.ts";
import { killSession } from "../../src/session/end_session.ts";
import { findSession, listSessions, type Session } from "../../src/session/registry.ts";
import { type StartedSession, startSession } from "../../src/session/start_session.ts";
import type { StartOptions } from "../../src/session/start_session.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** How to run a supervisor from source. */
export const SUPERVISOR = [
  Deno.execPath(),
  "run",
  "-A",
  "--no-check",
  "--quiet",
  MAIN,
  "_supervise",
];

/** A folder of sessions. */
export class SessionLab implements AsyncDisposable {
  readonly root: string;
  readonly sessionsDir: string;
  readonly #marks: string[] = [];

  /** @param name Last part of the folder's path. */
  constructor(name = "sessions", parent = Deno.makeTempDirSync({ prefix: "looop-test-" })) {
    this.root = parent;
    this.sessionsDir = join(this.root, name);
  }

  /** What a start needs besides the command. */
  options(more: Partial<StartOptions> = {}) {
    const env = Deno.env.toObject();
    return { sessionsDir: this.sessionsDir, supervisor: SUPERVISOR, cwd: this.root, env, ...more };
  }

  /** Starts a session; a text is run by bash. */
  async start(
    id: string,
    command: string | readonly string[],
    more: Partial<StartOptions> = {},
  ): Promise<StartedSession> {
    const argv = typeof command === "string" ? ["bash", "-c", command] : command;
    const started = await startSession(id, { ...this.options(more), command: argv });
    this.#marks.push(`${SESSION_MARK_VARIABLE}=${started.incarnation}`);
    return started;
  }

  session(id: string): Session | undefined {
    return findSession(this.sessionsDir, id);
  }

  log(id: string): string {
    try {
      return Deno.readTextFileSync(join(this.sessionsDir, id, "output.log"));
    } catch {
      return ""; // Deleted or not there yet.
    }
  }

  /** Waits until something holds; fails with the last state. */
  async until(what: string, holds: () => boolean, limitMs = 20_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!holds()) {
      if (performance.now() > deadline) {
        const sessions = Deno.inspect(listSessions(this.sessionsDir), { depth: 4 });
        const tails = listSessions(this.sessionsDir).map(({ id }) => this.log(id).slice(-500));
        throw new Error(`not in time: ${what}\n${sessions}\n${tails.join("\n---\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Lists processes that belong to any session started here. */
  leftovers(): readonly number[] {
    return this.#marks.flatMap((mark) => findTree({ mark }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { id, isAlive } of listSessions(this.sessionsDir)) {
      if (isAlive) await killSession(this.sessionsDir, id);
    }
    const left = this.leftovers();
    for (const mark of this.#marks) await endTree({ mark }, { graceMs: 0, limitMs: 2000 });
    await this.until(
      "supervisors are gone",
      () => listSessions(this.sessionsDir).every(({ dir }) => !isLocked(`${dir}/supervisor.lock`)),
    );
    Deno.removeSync(this.root, { recursive: true });
    equal(left.length, 0, `processes left behind: ${left.join(" ")}`);
  }
}
