/**
 * A throwaway profile, looop run in it, and the sessions that must be gone at the end.
 *
 * @module
 */
import { join } from "node:path";
import { isLocked } from "../../src/base/file_lock.ts";
import { listSessions } from "../../src/session/registry.ts";
import { pause, waitUntil } from "./samples.ts";
import type { Command, Setup } from "./setup.ts";

/** One event, as far as it is looked at here. */
export interface BenchEvent {
  readonly ts: string;
  readonly event: string;
  readonly msg: string;
}

/** What the profile's only runner does. */
export interface ArenaOptions {
  /** Shell command of each beat's decision; one that chooses to do nothing where left out. */
  readonly tick?: string;
  /** Shell command of each worker; the prompt's last line says which of several things to do. */
  readonly interactive?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const NOOP = `printf '{"action":"noop","reason":"bench"}' > "$LOOOP_DECISION_FILE"`;
/** A worker runs the prompt that it was started with: the last line of its prompt file. */
const RUN_PROMPT = `bash -c 'eval "$(tail -n 1 "$0")"' {{prompt_file}}`;

/** One profile. */
export class Arena implements AsyncDisposable {
  readonly dir: string;
  readonly dataDir: string;
  readonly sessionsDir: string;
  readonly #setup: Setup;
  readonly #env: Record<string, string>;
  readonly #children = new Set<Deno.ChildProcess>();

  constructor(setup: Setup, name: string, options: ArenaOptions = {}) {
    this.#setup = setup;
    this.dir = join(setup.scratch, name);
    this.dataDir = join(this.dir, "data");
    this.sessionsDir = join(this.dataDir, "sessions");
    Deno.mkdirSync(this.dir);
    const config = {
      default: "bench",
      interval: 3600,
      runners: {
        bench: { tick: options.tick ?? NOOP, interactive: options.interactive ?? RUN_PROMPT },
      },
    };
    const configPath = join(this.dir, "looop.json");
    Deno.writeTextFileSync(configPath, JSON.stringify(config));
    const kept: Record<string, string> = {};
    for (const key of ["PATH", "LANG", "DENO_DIR", "TMPDIR"]) {
      const value = Deno.env.get(key);
      if (value !== undefined) kept[key] = value;
    }
    // From source, a home of its own would be a cache of its own.
    kept["DENO_DIR"] ??= join(Deno.env.get("HOME") ?? "/root", ".cache/deno");
    this.#env = {
      ...kept,
      HOME: this.dir,
      LOOOP_DATA_DIR: this.dataDir,
      LOOOP_CONFIG: configPath,
      LOOOP_MAX_WORKERS: "0",
      LOOOP_MAX_DECIDES_PER_HOUR: "0",
      NO_COLOR: "1",
      ...options.env,
    };
  }

  get env(): Readonly<Record<string, string>> {
    return this.#env;
  }

  get looop(): Command {
    return this.#setup.looop;
  }

  /** Runs looop to its end, and fails with what it said when it fails. */
  looopSync(...args: readonly string[]): string {
    const { code, stdout, stderr } = this.#run(args);
    if (code === 0) return new TextDecoder().decode(stdout);
    throw new Error(`looop ${args[0]}: exit ${code}: ${new TextDecoder().decode(stderr)}`);
  }

  /** Times a run of looop, in milliseconds. */
  timeLooop(...args: readonly string[]): number {
    return this.time([...this.looop, ...args]);
  }

  /** Times a run of any program, in milliseconds. */
  time(command: Command): number {
    const start = performance.now();
    const { success } = this.#commandOf(command, "null").outputSync();
    const ms = performance.now() - start;
    if (!success) throw new Error(`failed: ${command.join(" ")}`);
    return ms;
  }

  /** Starts looop and lets it run; it is ended with the arena. */
  spawnLooop(...args: readonly string[]): Deno.ChildProcess {
    return this.spawn([...this.looop, ...args]);
  }

  /** Starts a program and lets it run; it is ended with the arena. */
  spawn(command: Command): Deno.ChildProcess {
    const child = this.#commandOf(command, "null").spawn();
    this.#children.add(child);
    void child.status.then(() => this.#children.delete(child));
    return child;
  }

  /** Starts workers, a few at once, that each run a shell command. */
  async startWorkers(ids: readonly string[], command: string): Promise<void> {
    const waiting = [...ids];
    const starter = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const { success } = await this.#commandOf(
          [...this.looop, "start-session", id, command],
          "null",
        ).output();
        if (!success) throw new Error(`cannot start the worker ${id}`);
      }
    };
    await Promise.all([starter(), starter(), starter(), starter()]);
  }

  /** Starts the beating process, without a foreground. */
  async startPulse(): Promise<Deno.ChildProcess> {
    const startMs = Date.now();
    const child = this.spawnLooop("_pulse");
    // The first beat decides, the second finds nothing changed.
    await this.event("acted", startMs);
    await pause(200);
    return child;
  }

  /** Reads the newest events of some names, oldest first. */
  events(names: readonly string[], sinceMs = 0): readonly BenchEvent[] {
    const lines = this.tailOf("events.jsonl").split("\n").slice(0, -1);
    // The first one may be half a line.
    return lines.slice(lines.length > 1 && !lines[0]!.startsWith('{"ts"') ? 1 : 0)
      .map((line) => JSON.parse(line) as BenchEvent)
      .filter(({ event, ts }) => names.includes(event) && Date.parse(ts) >= sinceMs);
  }

  /** Waits for the first event of a name. */
  async event(name: string, sinceMs: number, limitMs = 60_000): Promise<BenchEvent> {
    for (let waited = 0; waited < limitMs; waited += 5) {
      const [first] = this.events([name], sinceMs);
      if (first) return first;
      await pause(5);
    }
    throw new Error(`no event "${name}" in time: ${this.tailOf("events.jsonl").slice(-2000)}`);
  }

  /** Reads the end of a file in the data dir. */
  tailOf(path: string, bytes = 65_536): string {
    try {
      using file = Deno.openSync(join(this.dataDir, path));
      file.seekSync(Math.max(0, file.statSync().size - bytes), Deno.SeekMode.Start);
      const buffer = new Uint8Array(bytes);
      return new TextDecoder().decode(buffer.subarray(0, file.readSync(buffer) ?? 0));
    } catch {
      return ""; // Not there yet.
    }
  }

  /** Size of a file in the data dir; -1 while there is none. */
  sizeOf(path: string): number {
    try {
      return Deno.statSync(join(this.dataDir, path)).size;
    } catch {
      return -1; // Not there yet.
    }
  }

  write(path: string, text: string, mode = 0o600): void {
    const target = join(this.dataDir, path);
    Deno.mkdirSync(join(target, ".."), { recursive: true, mode: 0o700 });
    Deno.writeTextFileSync(target, text, { mode });
    Deno.chmodSync(target, mode);
  }

  /** Ends every process of this profile and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill("SIGTERM");
    await Promise.all([...this.#children].map(({ status }) => status));
    const sessions = listSessions(this.sessionsDir);
    for (const { isAlive, record } of sessions) {
      if (isAlive && record.pid !== null) tryKill(record.pid, "SIGKILL");
    }
    const isOver = () => sessions.every(({ dir }) => !isLocked(join(dir, "supervisor.lock")));
    try {
      waitUntil("supervisors are gone", isOver, { everyMs: 20, limitMs: 20_000 });
    } catch {
      for (const { record } of listSessions(this.sessionsDir).filter(({ isAlive }) => isAlive)) {
        if (record.supervisor_pid !== null) tryKill(record.supervisor_pid, "SIGKILL");
      }
    }
    await Deno.remove(this.dir, { recursive: true });
  }

  #run(args: readonly string[]): Deno.CommandOutput {
    return this.#commandOf([...this.looop, ...args], "piped").outputSync();
  }

  #commandOf([program = "", ...args]: Command, output: "piped" | "null"): Deno.Command {
    return new Deno.Command(program, {
      args,
      cwd: this.dir,
      env: this.#env,
      clearEnv: true,
      stdin: "null",
      stdout: output,
      stderr: output,
    });
  }
}

/** Names `count` workers: w001, w002 … */
export function workerIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `w${String(i + 1).padStart(3, "0")}`);
}

function tryKill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
