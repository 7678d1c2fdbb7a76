/**
 * Child processes with every bound that an unattended loop needs: time, bytes, and no pipe that
 * a forgotten background job can hold open for ever.
 *
 * @module
 */
import { feedChild, pumpOutput } from "./child_streams.ts";

/**
 * Names the variable by which everything is found that a child started, wherever in the process tree
 * it went: `<beat>/<number>`, the beat's part as the caller gave it in `env`.
 */
export const CHILD_MARK = "LOOOP_CHILD_MARK";
/** Sessions that a child started have supervisors of their own and belong to nobody else. */
const SUPERVISOR_VARIABLE = "LOOOP_SUPERVISOR";

/** How to run one child. */
export interface ChildOptions {
  readonly args?: readonly string[];
  readonly cwd: string;
  /** Laid over this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input, which is closed behind it; closed at once where left out. */
  readonly stdin?: string;
  /** After this the child is ended, with everything that it started. */
  readonly timeoutMs: number;
  /** Bytes of standard output to keep; more of them end the child unless `keep` is `tail`. */
  readonly maxBytes: number;
  /** `head` keeps the first bytes and ends a child that prints more; `tail` keeps the last ones. */
  readonly keep?: "head" | "tail";
  /** Sees each chunk as it comes, and must copy what it keeps. */
  readonly onOutput?: (chunk: Uint8Array, stream: "stdout" | "stderr") => void;
  /** Ends the child early. */
  readonly signal?: AbortSignal;
  /** Background jobs of the child's group end with it, however it ends; false where left out. */
  readonly leavesNothing?: boolean;
}

/** How a child ended. */
export interface ChildResult {
  /** 124 when it ran out of time, 128+n after a signal. */
  readonly code: number;
  readonly timedOut: boolean;
  /** True when `signal` ended it, or came while it was ending. */
  readonly wasStopped: boolean;
  /** True when it printed more than `maxBytes`. */
  readonly isTooLarge: boolean;
  readonly stdout: Uint8Array;
  /** The last 64 KiB of standard error. */
  readonly stderr: Uint8Array;
}

const STDERR_KEEP = 64 * 1024;
/** Time between asking a child's tree to end and ending it. */
const TERM_GRACE_MS = 500;
/** After this a tree that does not end is given up. */
const END_LIMIT_MS = 5000;
/** How much later than its child this process may hear of the end. */
const STOP_GRACE_MS = 50;
/** Time to read what is still in the pipes once the child itself has ended. */
const DRAIN_MS = 250;

let lastNumber = 0;

/**
 * Runs a program to its end, in a process group of its own. Where time, bytes or `signal` end it, the
 * whole tree has gone when this returns: background jobs, and those that left group and session.
 *
 * @param program Name in PATH or path.
 * @throws {Deno.errors.NotFound} When there is no such program.
 */
export async function runChild(program: string, options: ChildOptions): Promise<ChildResult> {
  const mark = `${options.env?.[CHILD_MARK] ?? crypto.randomUUID()}/${++lastNumber}`;
  const child = new Deno.Command(program, {
    args: [...options.args ?? []],
    cwd: options.cwd,
    env: { ...options.env, [CHILD_MARK]: mark },
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    // A session of its own: no terminal to draw on, and one group to end.
    detached: true,
  }).spawn();

  let timedOut = false;
  const keep = options.keep ?? "head";
  let ending: Promise<void> | undefined;
  const end = () => void (ending ??= endChild(child.pid, mark));
  const stdout = new BoundedBytes(options.maxBytes, keep, keep === "head" ? end : undefined);
  const stderr = new BoundedBytes(STDERR_KEEP, "tail");
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, options.timeoutMs);
  options.signal?.addEventListener("abort", end, { once: true });
  if (options.signal?.aborted) end();

  const take = (bytes: Uint8Array, into: BoundedBytes, from: "stdout" | "stderr") => {
    options.onOutput?.(bytes, from);
    into.add(bytes);
  };
  const stop = new AbortController();
  const pumps = Promise.all([
    feedChild(child, options.stdin),
    pumpOutput(child.stdout, (bytes) => take(bytes, stdout, "stdout"), stop.signal),
    pumpOutput(child.stderr, (bytes) => take(bytes, stderr, "stderr"), stop.signal),
  ]);
  const status = await child.status;
  clearTimeout(timer);
  await ending;
  if (options.leavesNothing) endGroup(child.pid);
  options.signal?.removeEventListener("abort", end);
  // A background job may hold the pipes open long after the child has gone.
  const drained = setTimeout(() => stop.abort(), DRAIN_MS);
  await pumps;
  clearTimeout(drained);
  return {
    code: timedOut ? 124 : status.code,
    timedOut,
    wasStopped: await isAborted(options.signal, status.success),
    isTooLarge: stdout.isOver,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
  };
}

/**
 * Tells whether we were told to stop. What ends a whole tree signals the child and us in any order,
 * so that a child that failed may have been the first to hear of it.
 */
async function isAborted(signal: AbortSignal | undefined, isSuccess: boolean): Promise<boolean> {
  if (signal === undefined || signal.aborted || isSuccess) return signal?.aborted ?? false;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, STOP_GRACE_MS);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
  return signal.aborted;
}

/** Ends a child with all that it started: first politely, after a moment for good. */
async function endChild(pid: number, mark: string): Promise<void> {
  const { endTree, outputPipesOf } = await import("../libc/process_tree.ts");
  const tree = {
    mark: `${CHILD_MARK}=${mark}`,
    pipes: outputPipesOf(pid),
    exceptVariable: SUPERVISOR_VARIABLE,
  };
  await endTree({ ...tree, below: pid }, { graceMs: TERM_GRACE_MS, limitMs: END_LIMIT_MS });
  // What wiped its environment is still in the group, unless it left that too.
  endGroup(pid);
}

function endGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch {
    // No such group any more: that is what was wanted.
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
