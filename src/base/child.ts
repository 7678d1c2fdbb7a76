/**
 * Child processes with every bound that an unattended loop needs: time, bytes, and no pipe that
 * a forgotten background job can hold open for ever.
 *
 * @module
 */

/** How to run one child. */
export interface ChildOptions {
  readonly args?: readonly string[];
  readonly cwd: string;
  /** Laid over this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input, which is closed behind it; closed at once where left out. */
  readonly stdin?: string;
  /** After this the whole process group is ended. */
  readonly timeoutMs: number;
  /** Bytes of standard output to keep; more of them end the child unless `keep` is `tail`. */
  readonly maxBytes: number;
  /** `head` keeps the first bytes and ends a child that prints more; `tail` keeps the last ones. */
  readonly keep?: "head" | "tail";
  /** Sees each chunk as it comes. */
  readonly onOutput?: (chunk: Uint8Array, stream: "stdout" | "stderr") => void;
  /** Ends the child early. */
  readonly signal?: AbortSignal;
}

/** How a child ended. */
export interface ChildResult {
  /** 124 when it ran out of time, 128+n after a signal. */
  readonly code: number;
  readonly timedOut: boolean;
  /** True when it printed more than `maxBytes`. */
  readonly isTooLarge: boolean;
  readonly stdout: Uint8Array;
  /** The last 64 KiB of standard error. */
  readonly stderr: Uint8Array;
}

const STDERR_KEEP = 64 * 1024;
/** Time between asking a group to end and ending it. */
const TERM_GRACE_MS = 500;
/** Time to read what is still in the pipes once the child itself has ended. */
const DRAIN_MS = 250;

/**
 * Runs a program to its end, in a process group of its own.
 *
 * @param program Name in PATH or path.
 * @throws {Deno.errors.NotFound} When there is no such program.
 */
export async function runChild(program: string, options: ChildOptions): Promise<ChildResult> {
  const child = new Deno.Command(program, {
    args: [...options.args ?? []],
    cwd: options.cwd,
    env: { ...options.env },
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    // A session of its own: no terminal to draw on, and one group to end.
    detached: true,
  }).spawn();

  let timedOut = false;
  const keep = options.keep ?? "head";
  const endGroup = () => void endProcessGroup(child.pid, child.status);
  const stdout = new BoundedBytes(options.maxBytes, keep, keep === "head" ? endGroup : undefined);
  const stderr = new BoundedBytes(STDERR_KEEP, "tail");
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup();
  }, options.timeoutMs);
  options.signal?.addEventListener("abort", endGroup, { once: true });
  if (options.signal?.aborted) endGroup();

  const stop = new AbortController();
  const pumps = Promise.all([
    feed(child, options.stdin),
    pump(child.stdout, stdout, stop.signal, (chunk) => options.onOutput?.(chunk, "stdout")),
    pump(child.stderr, stderr, stop.signal, (chunk) => options.onOutput?.(chunk, "stderr")),
  ]);
  const status = await child.status;
  clearTimeout(timer);
  options.signal?.removeEventListener("abort", endGroup);
  // A background job may hold the pipes open long after the child has gone.
  const drained = setTimeout(() => stop.abort(), DRAIN_MS);
  await pumps;
  clearTimeout(drained);
  return {
    code: timedOut ? 124 : status.code,
    timedOut,
    isTooLarge: stdout.isOver,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
  };
}

/**
 * Ends a process group: first politely, after a moment for good.
 *
 * @param ended Settles when the leader has ended; the group's others get the last signal anyway.
 */
export async function endProcessGroup(pid: number, ended: Promise<unknown>): Promise<void> {
  signalGroup(pid, "SIGTERM");
  let grace: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([
    ended,
    new Promise<void>((resolve) => grace = setTimeout(resolve, TERM_GRACE_MS)),
  ]);
  clearTimeout(grace);
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-pid, signal);
  } catch {
    // No such group any more: that is what was wanted.
  }
}

async function feed(child: Deno.ChildProcess, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // A child need not read all of its input; its exit code tells how it went.
  }
}

async function pump(
  stream: ReadableStream<Uint8Array>,
  into: BoundedBytes,
  stop: AbortSignal,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  stop.addEventListener("abort", cancel, { once: true });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      onChunk(part.value);
      into.add(part.value);
    }
  } catch {
    // A cancelled or broken pipe: what was read stands.
  } finally {
    stop.removeEventListener("abort", cancel);
  }
}

/** Bytes up to a limit: the first ones or the last ones. */
class BoundedBytes {
  #chunks: Uint8Array[] = [];
  #length = 0;
  isOver = false;

  constructor(
    readonly limit: number,
    readonly keep: "head" | "tail",
    readonly onOver: () => void = () => {},
  ) {}

  add(chunk: Uint8Array): void {
    if (this.keep === "head") {
      const room = this.limit - this.#length;
      if (room > 0) this.#push(chunk.slice(0, room));
      if (chunk.length > room && !this.isOver) {
        this.isOver = true;
        this.onOver();
      }
      return;
    }
    this.#push(chunk.slice());
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= this.limit) {
      this.#length -= this.#chunks.shift()!.length;
      this.isOver = true;
    }
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    if (all.length <= this.limit) return all;
    this.isOver = true;
    return all.slice(all.length - this.limit);
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}
