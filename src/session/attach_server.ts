/**
 * The supervisor's side of `attach`: one terminal at a time types into the program and gets a
 * redraw of the screen and then every byte of output. A terminal that is too slow to take them is
 * drawn anew instead of making the program wait.
 *
 * @module
 */
import { join } from "node:path";
import { C } from "../libc/constants.ts";
import { closeFd, openFd, readFd, writeFd } from "../libc/descriptors.ts";
import { renderRedraw } from "./render_ansi.ts";
import type { ControlRequest } from "./control_request.ts";
import type { AttachHost, AttachServer } from "./supervisor_parts.ts";

/** A terminal this far behind is drawn anew. */
const LAG_BYTES = 512 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** Makes the server of one session. */
export function createAttachServer(host: AttachHost): AttachServer {
  return new OneTerminalServer(host);
}

class OneTerminalServer implements AttachServer {
  readonly #host: AttachHost;
  #client: AttachedTerminal | undefined;

  constructor(host: AttachHost) {
    this.#host = host;
  }

  async handle(request: ControlRequest): Promise<Readonly<Record<string, unknown>>> {
    if (request.op === "attach") return this.#attach(request);
    if (request.op !== "detach") return { ok: false, error: `no operation "${request.op}"` };
    const who = this.#client?.who ?? null;
    this.#client?.close();
    return { ok: true, who };
  }

  output(bytes: Uint8Array): void {
    this.#client?.output(bytes);
  }

  ended(): void {
    this.#client?.finish();
  }

  #attach({ input, output, cols, rows, who }: ControlRequest): Readonly<Record<string, unknown>> {
    if (this.#client) return { ok: true, busy: this.#client.who };
    if (!input || !output) return { ok: false, error: "the terminal's FIFOs are not named" };
    const inputFd = openFd(join(this.#host.dir, input), "read");
    const outputFd = openFd(join(this.#host.dir, output), "write");
    if (inputFd < 0 || outputFd < 0) {
      for (const fd of [inputFd, outputFd]) if (fd >= 0) closeFd(fd);
      return { ok: false, error: "the terminal's FIFOs cannot be opened" };
    }
    this.#host.keeper.attached(true);
    if (cols !== undefined && rows !== undefined) this.#host.resize(cols, rows);
    this.#client = new AttachedTerminal(this.#host, {
      inputFd,
      outputFd,
      who: who ?? "somebody",
      onClose: () => {
        this.#client = undefined;
        this.#host.keeper.attached(false);
      },
    });
    return { ok: true };
  }
}

interface TerminalEnds {
  readonly inputFd: number;
  readonly outputFd: number;
  readonly who: string;
  readonly onClose: () => void;
}

/** One terminal that is attached. */
class AttachedTerminal {
  readonly who: string;
  readonly #host: AttachHost;
  readonly #ends: TerminalEnds;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  readonly #stopReading: () => void;
  #stopWriting: (() => void) | undefined;
  /** What of a redraw has not gone out yet. */
  #redraw: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** Offset in the log of the next byte to send; undefined while a redraw is being made. */
  #position: number | undefined;
  #isClosed = false;

  constructor(host: AttachHost, ends: TerminalEnds) {
    this.#host = host;
    this.#ends = ends;
    this.who = ends.who;
    this.#stopReading = host.watchFd(ends.inputFd, "read", (isHangUp) => this.#read(isHangUp));
    void this.#drawAnew();
  }

  /** Sends new output, which has just been appended to the log. */
  output(bytes: Uint8Array): void {
    if (this.#position === undefined || this.#stopWriting) return;
    const isNext = this.#redraw.length === 0 &&
      this.#position + bytes.length === this.#host.logEnd();
    if (!isNext) return this.#send();
    const count = writeFd(this.#ends.outputFd, bytes as Uint8Array<ArrayBuffer>);
    if (count > 0) this.#position += count;
    if (count < bytes.length) this.#blocked(count);
  }

  /** The session is over: what the terminal can still take goes out, then it is let go. */
  finish(): void {
    if (this.#position !== undefined) this.#send();
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopReading();
    this.#stopWriting?.();
    closeFd(this.#ends.inputFd);
    closeFd(this.#ends.outputFd);
    this.#ends.onClose();
  }

  #read(isHangUp: boolean): void {
    if (this.#isClosed) return;
    const count = readFd(this.#ends.inputFd, this.#buffer);
    if (count > 0) this.#host.type(this.#buffer.slice(0, count));
    else if (count === 0 || isHangUp) this.close();
  }

  async #drawAnew(): Promise<void> {
    this.#position = undefined;
    this.#stopWriting?.();
    this.#stopWriting = undefined;
    const snapshot = await this.#host.keeper.snapshot();
    if (this.#isClosed) return;
    // The output before it may have been cut inside a sequence: CAN ends that one.
    this.#redraw = new TextEncoder().encode("\x18" + renderRedraw(snapshot));
    this.#position = snapshot.offset;
    this.#send();
  }

  /** Sends what the terminal takes: the rest of a redraw, then the log from where it stands. */
  #send(): void {
    while (this.#redraw.length > 0) {
      const count = writeFd(this.#ends.outputFd, this.#redraw);
      if (count <= 0) return this.#blocked(count);
      this.#redraw = this.#redraw.subarray(count);
    }
    for (;;) {
      if (this.#position === undefined) return;
      if (this.#host.logEnd() - this.#position > LAG_BYTES) return void this.#drawAnew();
      const length = this.#host.readLog(this.#position, this.#buffer);
      if (length === 0) break;
      const count = writeFd(this.#ends.outputFd, this.#buffer.subarray(0, length));
      if (count <= 0) return this.#blocked(count);
      this.#position += count;
    }
    this.#stopWriting?.();
    this.#stopWriting = undefined;
  }

  /** The FIFO is full, or its reader is gone. */
  #blocked(count: number): void {
    if (count < 0 && count !== -C.EAGAIN) return this.close();
    this.#stopWriting ??= this.#host.watchFd(this.#ends.outputFd, "write", (isHangUp) => {
      if (isHangUp) this.close();
      else if (this.#position !== undefined) this.#send();
    });
  }
}
