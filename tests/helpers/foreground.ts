/**
 * A real foreground `looop --json` in a throwaway home, and its events as they come.
 *
 * @module
 */
import type { Home } from "./home.ts";

/** One line of `looop --json`. */
export interface ForegroundEvent {
  readonly ts: string;
  readonly level: string;
  readonly event: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const LIMIT_MS = 30_000;

/** A running foreground. `await using` ends it and everything that it started. */
export class Foreground implements AsyncDisposable {
  readonly events: ForegroundEvent[] = [];
  /** Lines that are no JSON object: there must be none. */
  readonly strayLines: string[] = [];
  readonly child: Deno.ChildProcess;
  #changed = Promise.withResolvers<void>();
  readonly #reading: Promise<void>;

  constructor(home: Home, options: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {}) {
    this.child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", MAIN, ...options.args ?? ["--json"]],
      env: home.env(options.env),
      clearEnv: true,
      cwd: home.dir,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#reading = this.#read();
  }

  /** Waits until the events so far satisfy a claim; the failure shows them all. */
  async until(
    claim: string,
    holds: (events: readonly ForegroundEvent[]) => boolean,
  ): Promise<void> {
    const deadline = performance.now() + LIMIT_MS;
    while (!holds(this.events)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        const seen = this.events.map(({ event, msg }) => `  ${event}: ${msg}`).join("\n");
        throw new Error(`not within ${LIMIT_MS} ms: ${claim}; seen:\n${seen}`);
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([
        this.#changed.promise,
        new Promise<void>((resolve) => timer = setTimeout(resolve, leftMs)),
      ]);
      clearTimeout(timer);
    }
  }

  /** Waits for the `count`-th event of a name. */
  async untilEvent(name: string, count = 1): Promise<ForegroundEvent> {
    const matching = () => this.events.filter(({ event }) => event === name);
    await this.until(`${count} ${name}`, () => matching().length >= count);
    return matching()[count - 1]!;
  }

  /** How often an event has come. */
  count(name: string): number {
    return this.events.filter(({ event }) => event === name).length;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: Deno.Signal): Promise<number> {
    this.child.kill(signal);
    const { code } = await this.child.status;
    await this.#reading;
    return code;
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const chunk of this.child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split("\n");
      text = lines.pop()!;
      for (const line of lines) {
        try {
          this.events.push(JSON.parse(line));
        } catch {
          this.strayLines.push(line);
        }
      }
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
    this.#changed.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
    await this.child.status;
    await this.#reading;
    await this.child.stderr.cancel().catch(() => {});
  }
}
