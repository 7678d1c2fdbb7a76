/**
 * Asks a session's supervisor for something and waits for the answer.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import { LooopError, TimeoutError } from "../base/errors.ts";
import { isLocked } from "../base/file_lock.ts";
import { POLLHUP, POLLIN } from "../libc/constants.ts";
import { closeFd, makeFifo, openFd, pollFds, readFd } from "../libc/descriptors.ts";
import { pathsIn } from "./session_paths.ts";
import { writeLine } from "./subscription.ts";

/** What a supervisor answers: `ok`, and what the operation gives, or an `error`. */
export type Reply = Readonly<Record<string, unknown>> & { readonly ok: boolean };

/** Tells that a supervisor ended before it answered. */
export class SupervisorGone extends LooopError {
  override readonly name = "SupervisorGone";
}

/** A FIFO in a session's folder on which one JSON line is awaited. */
export class ReplyFifo implements Disposable {
  readonly name = `r-${crypto.randomUUID()}`;
  readonly #path: string;
  readonly #fd: number;

  /** @throws {LooopError} When the FIFO cannot be made. */
  constructor(dir: string) {
    this.#path = join(dir, this.name);
    const made = makeFifo(this.#path);
    this.#fd = made < 0 ? made : openFd(this.#path, "read");
    if (this.#fd < 0) throw new LooopError(`cannot make a FIFO in ${dir}: error ${-this.#fd}`);
  }

  /**
   * Waits for the line.
   *
   * @param isGone Asked now and then: nobody is left who could answer.
   * @throws {TimeoutError} When it does not come in time (exit code 124).
   * @throws {SupervisorGone} When nobody is left to write it.
   */
  async line(timeoutMs: number, isGone: () => boolean): Promise<Reply> {
    const deadline = performance.now() + timeoutMs;
    const buffer = new Uint8Array(65536);
    let text = "";
    for (;;) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new TimeoutError("the session's supervisor does not answer");
      const [events = 0] = await pollFds([{ fd: this.#fd, events: POLLIN }], Math.min(leftMs, 500));
      if (events & POLLIN) {
        const count = readFd(this.#fd, buffer);
        if (count > 0) text += new TextDecoder().decode(buffer.subarray(0, count));
        if (text.includes("\n")) return JSON.parse(text.split("\n")[0]!);
      } else if ((events & POLLHUP) !== 0 || isGone()) {
        throw new SupervisorGone("the session's supervisor ended");
      }
    }
  }

  [Symbol.dispose](): void {
    closeFd(this.#fd);
    removeIfThere(this.#path);
  }
}

/**
 * Asks the supervisor of a folder.
 *
 * @throws {SupervisorGone} When there is none, or when it ends meanwhile.
 * @throws {LooopError} When it refuses.
 */
export async function request(
  dir: string,
  op: string,
  fields: Readonly<Record<string, unknown>> = {},
  timeoutMs = 10_000,
): Promise<Reply> {
  const paths = pathsIn(dir);
  using fifo = new ReplyFifo(dir);
  const deadline = performance.now() + timeoutMs;
  while (!writeLine(paths.control, { op, reply: fifo.name, ...fields })) {
    if (!isLocked(paths.lock)) throw new SupervisorGone("the session's supervisor ended");
    if (performance.now() > deadline) throw new TimeoutError("the session takes no requests");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const reply = await fifo.line(deadline - performance.now(), () => !isLocked(paths.lock));
  if (!reply.ok) {
    throw new LooopError(String(reply["error"] ?? `the supervisor refused "${op}"`), {
      hint: "`looop doctor` checks disk and terminals",
    });
  }
  return reply;
}
