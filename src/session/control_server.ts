/**
 * The supervisor's ear: one JSON line per request on the `control` FIFO, one JSON line back on a
 * FIFO that the client made. Whatever is no request is dropped.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { closeFd, makeFifo, openFd, readFd, writeFd } from "../libc/descriptors.ts";
import type { Poller } from "../pty/poller.ts";
import type { ControlRequest } from "./control_request.ts";
import type { SessionPaths } from "./session_paths.ts";

/** Answers one request; an exception becomes `{ok: false, error}`. */
export type RequestHandler = (
  request: ControlRequest,
) => Promise<Readonly<Record<string, unknown>>>;

/** Garbage without a line break is dropped beyond this. */
const LINE_BYTES = 65536;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The control FIFO of one session. */
export class ControlServer {
  readonly #paths: SessionPaths;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(65536);
  readonly #running = new Set<Promise<void>>();
  #partial = "";

  constructor(paths: SessionPaths) {
    this.#paths = paths;
    removeIfThere(paths.control);
    const made = makeFifo(paths.control);
    // Open for both, so that it neither waits for a writer nor ends with the last one.
    this.#fd = made < 0 ? made : openFd(paths.control, "readwrite");
    if (this.#fd < 0) {
      throw new LooopError(`cannot make the FIFO ${paths.control}: error ${-this.#fd}`);
    }
  }

  /** Ends the sleep of a poller that watches this FIFO. */
  interrupt(): void {
    writeFd(this.#fd, encoder.encode("\n"));
  }

  /** Answers requests as they come, each without waiting for the one before. */
  serve(poller: Poller, handle: RequestHandler): void {
    poller.watch({
      fd: this.#fd,
      wants: () => "read",
      onReady: () => {
        const count = readFd(this.#fd, this.#buffer);
        if (count <= 0) return;
        const lines =
          (this.#partial + decoder.decode(this.#buffer.subarray(0, count), { stream: true })).split(
            "\n",
          );
        this.#partial = lines.pop()!.slice(-LINE_BYTES);
        for (const line of lines) if (line !== "") this.#start(line, handle);
      },
    });
  }

  #start(line: string, handle: RequestHandler): void {
    const answer = this.#answer(line, handle).finally(() => this.#running.delete(answer));
    this.#running.add(answer);
  }

  async #answer(line: string, handle: RequestHandler): Promise<void> {
    const { parseControlRequest } = await import("./control_request.ts");
    const request = parseControlRequest(line);
    if (!request) return;
    // Held open while the request is served: our death is a hang-up at the client's end.
    const replyFd = openFd(join(this.#paths.dir, request.reply), "write");
    try {
      const result = await handle(request).catch((error: unknown) => ({
        ok: false,
        error: messageOf(error),
      }));
      if (replyFd >= 0) writeFd(replyFd, encoder.encode(JSON.stringify(result) + "\n"));
    } finally {
      if (replyFd >= 0) closeFd(replyFd);
    }
  }

  /** Lets the requests that are being served get their answers, then closes. */
  async finish(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.close();
  }

  close(): void {
    closeFd(this.#fd);
    removeIfThere(this.#paths.control);
  }
}
