/**
 * Real sessions in a throwaway home, ended with it.
 *
 * @module
 */
import { join } from "node:path";
import { findSession } from "../../src/session/registry.ts";
import { startSession } from "../../src/session/start_session.ts";
import { Home } from "./home.ts";
import { isRunning } from "./processes.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A home whose sessions run any command; disposing of it ends them and checks that nothing is left. */
export class SessionHome implements AsyncDisposable {
  readonly home: Home;
  readonly sessionsDir: string;
  readonly #ids = new Set<string>();
  readonly #pids = new Set<number>();

  constructor(name?: string) {
    this.home = new Home(name);
    this.sessionsDir = join(this.home.dataDir, "sessions");
    Deno.mkdirSync(this.sessionsDir, { recursive: true, mode: 0o700 });
    Deno.chmodSync(this.home.dataDir, 0o700);
  }

  /** Starts a session of 80x24 unless another size is given. */
  async start(
    id: string,
    command: readonly string[],
    { cols = 80, rows = 24 }: { readonly cols?: number; readonly rows?: number } = {},
  ): Promise<void> {
    const main = ["run", "-A", "--no-check", "--quiet", MAIN];
    await startSession(id, {
      sessionsDir: this.sessionsDir,
      supervisor: [Deno.execPath(), ...main, "_supervise"],
      command,
      cwd: this.home.dir,
      env: this.home.env({ PS1: "$ ", LANG: "C.UTF-8", PROMPT_COMMAND: "" }),
      cols,
      rows,
    });
    this.#ids.add(id);
    const record = findSession(this.sessionsDir, id)?.record;
    for (const pid of [record?.pid, record?.supervisor_pid]) if (pid) this.#pids.add(pid);
  }

  /** Ends a session at the end that somebody else starts. */
  adopt(id: string): void {
    this.#ids.add(id);
  }

  /** Runs looop; fails unless it exits with `code`. */
  async looop(args: readonly string[], code = 0, stdin?: string): Promise<string> {
    const ran = await this.home.looop(args, stdin === undefined ? {} : { stdin });
    if (ran.code === code) return ran.stdout;
    const id = args[1] ?? "";
    const shot = await this.home.looop(["shot", id, "--trim"]);
    throw new Error(
      `looop ${
        args.join(" ")
      } exits ${ran.code}, not ${code}: ${ran.stderr}\nscreen:\n${shot.stdout}`,
    );
  }

  /** Runs looop with `--json` and returns the object. */
  async json(args: readonly string[], code = 0): Promise<Record<string, unknown>> {
    return JSON.parse(await this.looop([...args, "--json"], code));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#ids) await this.home.looop(["kill", id]);
    const deadline = performance.now() + 10_000;
    while ([...this.#pids].some(isRunning)) {
      if (performance.now() > deadline) throw new Error("a session's processes are left");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.home[Symbol.dispose]();
  }
}

/** Tells whether a program is there to test against. */
export function isInstalled(program: string): boolean {
  return new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" })
    .outputSync().success;
}

/** Names a test, with the program that it lacks where it cannot run. */
export function needing(program: string, name: string): { name: string; ignore: boolean } {
  const ignore = !isInstalled(program);
  return { name: ignore ? `${name} (no ${program} here)` : name, ignore };
}
