/**
 * From a key to its echo on an attached terminal, beside tmux; from output to `expect`'s return.
 *
 * @module
 */
import { closeFd, makeFifo, openFd, writeFd } from "../../../src/libc/descriptors.ts";
import { Poller } from "../../../src/pty/poller.ts";
import { startPty } from "../../../src/pty/start_pty.ts";
import { Arena } from "../arena.ts";
import type { Family } from "../family.ts";
import { limitRow, type Row } from "../row.ts";
import { interleave, pause, type Sample, sampleOf, waitUntil, wallMs } from "../samples.ts";

const P50_ROW = "key to echo when attached, p50";
const P99_ROW = "key to echo when attached, p99";
const EXPECT_ROW = "output to return of expect, p50";
/** A program that sends back each byte as it comes. */
const ECHO = "stty raw -echo; exec cat";

const ECHO_REASON =
  "a key passes two wake-ups of a Deno event loop and two FIFOs; on a machine that does other work " +
  "each waits its turn, as the same figure of tmux beside it shows";

/** A terminal with a program on it that echoes what is typed. */
class EchoTerminal {
  readonly #poller = new Poller(() => {});
  readonly #pty;
  #seen = "";
  #onOutput = () => {};

  constructor(command: readonly string[], env: Readonly<Record<string, string>>) {
    this.#pty = startPty(this.#poller, {
      command,
      cwd: "/",
      env: { ...env, TERM: "xterm-256color" },
      cols: 120,
      rows: 40,
    }, {
      output: (bytes) => {
        this.#seen += new TextDecoder().decode(bytes);
        this.#onOutput();
      },
      writable() {},
      exited() {},
    }, "auto");
    void this.#poller.run();
  }

  /** Types one letter and waits until it comes back. @returns Milliseconds. */
  async echo(letter: string): Promise<number> {
    this.#seen = "";
    const start = performance.now();
    const echoed = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no echo of "${letter}": ${JSON.stringify(this.#seen)}`)),
        10_000,
      );
      this.#onOutput = () => {
        if (!this.#seen.includes(letter)) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#pty.write(new TextEncoder().encode(letter));
    await echoed;
    return performance.now() - start;
  }

  /** Waits until the terminal shows something and then nothing more for a while. */
  async settled(): Promise<void> {
    for (let before = -1; this.#seen.length === 0 || this.#seen.length !== before;) {
      before = this.#seen.length;
      await pause(400);
    }
  }

  close(): void {
    this.#poller.stop();
    Deno.kill(this.#pty.pid, "SIGTERM");
  }
}

export const echo: Family = {
  name: "echo",
  rows: [P50_ROW, P99_ROW],
  async run(setup) {
    await using arena = new Arena(setup, "echo");
    await arena.startWorkers(["e1"], ECHO);
    const looop = new EchoTerminal([...arena.looop, "attach", "e1"], arena.env);
    const socket = `looop-bench-${Deno.pid}`;
    const tmux = setup.hasTmux
      ? new EchoTerminal(["tmux", "-L", socket, "-f", "/dev/null", "new-session", ECHO], arena.env)
      : undefined;
    try {
      await looop.settled();
      await tmux?.settled();
      let count = 0;
      // Letters that no redraw contains.
      const letter = () => String.fromCharCode(0x41 + ++count % 26);
      const paced = async (terminal: EchoTerminal) => {
        await pause(3);
        return await terminal.echo(letter());
      };
      const { own, other } = await interleave({
        own: () => paced(looop),
        other: () => tmux ? paced(tmux) : 0,
      }, { times: setup.isQuick ? 200 : 1000, warmUp: 50 });
      return echoRows(own, tmux ? other : undefined);
    } finally {
      looop.close();
      tmux?.close();
      if (tmux) arena.time(["tmux", "-L", socket, "kill-server"]);
    }
  },
};

function echoRows(own: Sample, other: Sample | undefined): readonly Row[] {
  const against = other ? "tmux" : "tmux (not measured: cannot be installed)";
  const row = (name: string, quantile: "median" | "p99", limitMs: number) =>
    limitRow({ name, against, reason: ECHO_REASON }, {
      value: own[quantile],
      unit: "ms",
      target: `at most ${limitMs} ms`,
      ok: own[quantile] <= limitMs,
      sample: own,
      ...(other ? { baseline: other[quantile] } : {}),
    });
  return [row(P50_ROW, "median", 1), row(P99_ROW, "p99", 10)];
}

export const expectReturn: Family = {
  name: "expect",
  rows: [EXPECT_ROW],
  async run(setup) {
    await using arena = new Arena(setup, "expect");
    const fifo = `${arena.dir}/trigger`;
    makeFifo(fifo);
    await arena.startWorkers(["x1"], `while read -r word; do echo "$word"; done 3<>${fifo} <&3`);
    let fd = -1;
    // Nobody can write before the session's shell reads.
    waitUntil("the session reads its trigger", () => (fd = openFd(fifo, "write")) >= 0);
    const own: number[] = [];
    const times = setup.isQuick ? 6 : 40;
    for (let i = -2; i < times; i++) {
      const word = `word-${i + 2}-said`;
      const child = arena.spawnLooop("expect", "x1", `^${word}$`);
      const ended = child.status.then(() => wallMs());
      await subscribed(`${arena.sessionsDir}/x1`);
      const start = wallMs();
      writeFd(fd, new TextEncoder().encode(`${word}\n`));
      const end = await ended;
      if (!(await child.status).success) throw new Error("expect did not see the word");
      if (i >= 0) own.push(end - start);
    }
    closeFd(fd);
    const sample = sampleOf(own);
    return [limitRow({
      name: EXPECT_ROW,
      against: "",
      note: `p99 ${sample.p99.toFixed(1)} ms`,
      reason: "the end of the verb's own process counts too; on a busy machine it waits its turn",
    }, {
      value: sample.median,
      unit: "ms",
      target: "p50 at most 15 ms",
      ok: sample.median <= 15,
      sample,
    })];
  },
};

/** Waits until a client listens to a session: it has a FIFO in the session's folder then. */
async function subscribed(dir: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    if ([...Deno.readDirSync(dir)].some(({ name }) => /^[rn]-/.test(name))) break;
    await pause(10);
  }
  // It looks at the log once more before it sleeps.
  await pause(150);
}
