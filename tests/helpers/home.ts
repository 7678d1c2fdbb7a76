/**
 * A temporary home with a profile of its own, and the real program run in it.
 *
 * @module
 */
import { join } from "node:path";

/** How a run of looop ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program under test. */
const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** One throwaway home; `using` removes it. */
export class Home implements Disposable {
  readonly dir: string;
  readonly dataDir: string;
  readonly configPath: string;

  /** @param name Last part of the data dir's path. */
  constructor(name = "data") {
    this.dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "looop-test-" }));
    this.dataDir = join(this.dir, name);
    this.configPath = join(this.dir, "looop.json");
  }

  /** The environment of everything in this home: nothing of the caller's but PATH and caches. */
  env(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const name of ["PATH", "DENO_DIR", "TMPDIR", "LANG"]) {
      const value = Deno.env.get(name);
      if (value !== undefined) kept[name] = value;
    }
    // Without it every home would fill a cache of its own.
    kept["DENO_DIR"] ??= join(Deno.env.get("HOME") ?? "/root", ".cache/deno");
    return {
      ...kept,
      HOME: this.dir,
      LOOOP_DATA_DIR: this.dataDir,
      LOOOP_CONFIG: this.configPath,
      NO_COLOR: "1",
      ...extra,
    };
  }

  /** Runs looop to its end. */
  async looop(args: readonly string[], options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    /** A command that runs the one put behind it. */
    readonly through?: readonly string[];
    /** Deno's permission flags; all where left out. */
    readonly permissions?: readonly string[];
    readonly cwd?: string;
    /** The environment as it stands here, instead of this home's. */
    readonly wholeEnv?: Readonly<Record<string, string>>;
    /** After this the process is killed, and its exit code is 137. */
    readonly timeoutMs?: number;
  } = {}): Promise<Ran> {
    const permissions = options.permissions ?? ["-A"];
    const [program = "", ...rest] = [
      ...options.through ?? [],
      Deno.execPath(),
      ...["run", ...permissions, "--no-check", "--quiet", MAIN, ...args],
    ];
    const child = new Deno.Command(program, {
      args: rest,
      env: options.wholeEnv ?? this.env(options.env),
      clearEnv: true,
      cwd: options.cwd ?? this.dir,
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (options.stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(options.stdin));
      await writer.close();
    }
    const timer = options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => child.kill("SIGKILL"), options.timeoutMs);
    const { code, stdout, stderr } = await child.output();
    clearTimeout(timer);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  /** Writes the config: one runner, an ordinary script, plus whatever else is given. */
  configure(tick: string, more: Readonly<Record<string, unknown>> = {}): void {
    const config = { default: "script", runners: { script: { tick } }, ...more };
    Deno.writeTextFileSync(this.configPath, JSON.stringify(config));
  }

  /** Makes the runner answer with this text from now on; its prompt is kept in `prompt.txt`. */
  decideAlways(decision: unknown, more: Readonly<Record<string, unknown>> = {}): void {
    const text = typeof decision === "string" ? decision : JSON.stringify(decision);
    this.write("../next-decision", text);
    this.configure(
      `cat > ${this.dir}/prompt.txt; echo asked >> ${this.dir}/asked.txt; cat ${this.dir}/next-decision > "$LOOOP_DECISION_FILE"`,
      more,
    );
  }

  /** How often the runner was asked. */
  get timesAsked(): number {
    return (this.read("../asked.txt") ?? "").split("\n").length - 1;
  }

  /** The last prompt that the runner got. */
  get prompt(): string {
    return this.read("../prompt.txt") ?? "";
  }

  /** Writes a file, relative to the data dir. */
  write(path: string, text: string, mode = 0o600): void {
    const target = join(this.dataDir, path);
    Deno.mkdirSync(join(target, ".."), { recursive: true });
    Deno.writeTextFileSync(target, text, { mode });
  }

  /** Reads a file, relative to the data dir; undefined where there is none. */
  read(path: string): string | undefined {
    try {
      return Deno.readTextFileSync(join(this.dataDir, path));
    } catch {
      return undefined; // Missing: what the caller asks about.
    }
  }

  /** The journal's lines, without their times. */
  get journal(): readonly string[] {
    return (this.read("journal.md") ?? "").split("\n").filter((line) => line !== "")
      .map((line) => line.replace(/^- \d{4}-\d\d-\d\d \d\d:\d\d /, ""));
  }

  /** Every file below the data dir with its content, for "nothing else changed". */
  tree(): Readonly<Record<string, string>> {
    const files: Record<string, string> = {};
    const walk = (dir: string, prefix: string) => {
      for (const entry of Deno.readDirSync(dir)) {
        const path = join(dir, entry.name);
        if (entry.isDirectory) walk(path, `${prefix}${entry.name}/`);
        else if (entry.isFile) files[prefix + entry.name] = Deno.readTextFileSync(path);
        else files[prefix + entry.name] = "(special)";
      }
    };
    walk(this.dataDir, "");
    return files;
  }

  [Symbol.dispose](): void {
    // A supervisor that is just ending may still be writing down how: only then is it tried again.
    for (const deadline = performance.now() + 5000;;) {
      try {
        return Deno.removeSync(this.dir, { recursive: true });
      } catch (error) {
        if (performance.now() > deadline || !/not empty/i.test(String(error))) throw error;
      }
    }
  }
}

/** Runs a command to its end; fails the test when it fails. */
export function run(cwd: string, program: string, ...args: readonly string[]): string {
  const { code, stdout, stderr } = new Deno.Command(program, { args: [...args], cwd }).outputSync();
  if (code !== 0) {
    throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout);
}

/** A random number generator that a seed makes repeatable (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
