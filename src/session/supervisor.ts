/**
 * The process that keeps one session: it starts the command on a terminal, records what comes out,
 * types what is sent, and ends the whole tree with the command. It knows nothing of why.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { messageOf } from "../base/errors.ts";
import { Poller } from "../pty/poller.ts";
import { adoptOrphans, endTree, findTree, type TreeSelection } from "../libc/process_tree.ts";
import type { ExitStatus, PtyProcess } from "../pty/pty_process.ts";
import { startPty } from "../pty/start_pty.ts";
import type { ControlRequest } from "./control_request.ts";
import { ControlServer } from "./control_server.ts";
import { SESSION_MARK_VARIABLE, SUPERVISOR_VARIABLE } from "./environment.ts";
import { InputQueue } from "./input_queue.ts";
import { LogIndex } from "./log_index.ts";
import { Recorder } from "./recorder.ts";
import type { SessionPaths } from "./session_paths.ts";
import { type SessionRecord, type SupervisorSpec, writeRecord } from "./session_record.ts";
import { Subscribers } from "./subscribers.ts";
import type { AttachServer, ScreenKeeper, SupervisorParts } from "./supervisor_parts.ts";

/** From hang-up to SIGKILL. */
const GRACE_MS = 3000;
/** From hang-up until the supervisor gives the tree up. */
const END_LIMIT_MS = 4800;
/** While the disk is full, how often it is tried again. */
const RETRY_MS = 1000;
/** The last screen may take this long before the supervisor goes without it. */
const SCREEN_LIMIT_MS = 10_000;

/** One session's supervisor. */
export class Supervisor {
  readonly #paths: SessionPaths;
  readonly #control: ControlServer;
  readonly #poller: Poller;
  readonly #recorder: Recorder;
  readonly #index: LogIndex;
  readonly #subscribers: Subscribers;
  readonly #pty: PtyProcess;
  readonly #input: InputQueue;
  #keeper: ScreenKeeper | undefined;
  #attach: AttachServer | undefined;
  /** Resolves once the parts are there, or when there are none. */
  #equipped: Promise<void> = Promise.resolve();
  readonly #tree: TreeSelection;
  readonly #exited = Promise.withResolvers<void>();
  #record: SessionRecord;
  #ending: Promise<void> | undefined;
  #status: ExitStatus | undefined;
  #killSignal: number | undefined;
  #isCutting = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #cutTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Starts the command.
   *
   * @throws {LooopError} When it cannot be started; the record says so then.
   */
  constructor(paths: SessionPaths, spec: SupervisorSpec) {
    this.#paths = paths;
    this.#record = {
      id: spec.id,
      incarnation: spec.incarnation,
      command: spec.command,
      restart_command: spec.restart_command,
      cwd: spec.cwd,
      cols: spec.cols,
      rows: spec.rows,
      state: "starting",
      pid: null,
      supervisor_pid: Deno.pid,
      exit_code: null,
      signal: null,
      started_at: Date.now(),
      ended_at: null,
      backend: "libc",
      lost_bytes: 0,
    };
    this.#tree = {
      below: Deno.pid,
      mark: `${SESSION_MARK_VARIABLE}=${spec.incarnation}`,
      exceptVariable: SUPERVISOR_VARIABLE,
    };
    writeRecord(paths.record, this.#record);
    adoptOrphans();
    this.#control = new ControlServer(paths);
    this.#poller = new Poller(() => this.#control.interrupt());
    this.#subscribers = new Subscribers(this.#poller, () => this.#endWithFolder());
    this.#recorder = new Recorder(paths, spec.log_max_bytes);
    this.#index = new LogIndex(paths.logIndex);
    this.#index.noteSize(0, spec.cols, spec.rows);
    try {
      this.#pty = startPty(this.#poller, spec, {
        output: (bytes) => this.#onOutput(bytes),
        writable: () => this.#input.writable(),
        exited: (status) => void this.#onExited(status),
      }, spec.backend);
    } catch (error) {
      this.#transition({ state: "exited", exit_code: 127, failure: messageOf(error) });
      this.#control.close();
      throw error;
    }
    this.#input = new InputQueue(this.#pty);
    this.#transition({ state: "running", pid: this.#pty.pid, backend: this.#pty.backend });
    this.#control.serve(this.#poller, (request) => this.#handle(request));
  }

  /** Loads the parts while the command runs already: it shall not wait for them. */
  equip(loadParts: () => Promise<SupervisorParts>): void {
    this.#equipped = loadParts().then((parts) => this.#install(parts));
  }

  #install(parts: SupervisorParts): void {
    this.#keeper = parts.createScreenKeeper?.({
      size: { cols: this.#record.cols, rows: this.#record.rows },
      startOffset: 0,
      logEnd: () => this.#recorder.end,
      readLog: (offset, into) => this.#recorder.read(offset, into),
      shown: (offset) => this.#recorder.release(offset),
      answer: (bytes) => this.#input.type(bytes),
    });
    this.#attach = this.#keeper && parts.createAttachServer?.({
      dir: this.#paths.dir,
      keeper: this.#keeper,
      logEnd: () => this.#recorder.end,
      readLog: (offset, into) => this.#recorder.read(offset, into),
      watchFd: (fd, events, onReady) =>
        this.#poller.watch({
          fd,
          wants: () => events,
          onReady: ({ isHangUp }) => onReady(isHangUp),
        }),
      type: (bytes) => {
        this.#input.type(bytes);
        this.#poller.expectAnswer();
      },
      resize: (cols, rows) => void this.#resize(cols, rows),
    });
    // What came before there was a screen.
    this.#keeper?.grew();
  }

  /** Runs until the command has ended, its tree is gone and its output is recorded. */
  async run(): Promise<void> {
    await this.#poller.run();
    await this.#control.finish();
  }

  #onOutput(bytes: Uint8Array<ArrayBuffer>): void {
    this.#index.noteTime(this.#recorder.end);
    this.#recorder.append(bytes);
    this.#attach?.output(bytes);
    this.#subscribers.wake();
    this.#keeper?.grew();
    if (this.#recorder.isFolderGone) void this.#end();
    if (this.#recorder.isBlocked) this.#retryLater();
    if (this.#recorder.cutAt !== undefined && !this.#isCutting) void this.#cut();
  }

  /** A pulse that ended for want of its data dir is noticed here also where there is no output. */
  #endWithFolder(): void {
    try {
      Deno.lstatSync(this.#paths.dir);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) void this.#end();
    }
  }

  /**
   * What goes can still be read for the screen until the next cut: only a screen that is a whole
   * log behind makes the program wait.
   */
  async #cut(): Promise<void> {
    this.#isCutting = true;
    if (this.#recorder.hasOld || !this.#keeper) {
      this.#pty.setPaused(true);
      try {
        await this.#equipped;
        await this.#keeper?.passed(this.#recorder.base);
      } finally {
        this.#pty.setPaused(false);
      }
    }
    const newBase = this.#recorder.cutAt;
    if (newBase !== undefined) {
      this.#recorder.cut(newBase, { isOldKept: this.#keeper !== undefined });
    }
    // Without room for the copy the log stays too long for a while.
    if (this.#recorder.cutAt === undefined) this.#isCutting = false;
    else this.#cutTimer = setTimeout(() => void this.#cut(), RETRY_MS);
  }

  #retryLater(): void {
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined;
      if (!this.#recorder.flush()) this.#retryLater();
      // What the screen has seen need not take room any more.
      if (this.#recorder.hasOld) void this.#keeper?.passed(this.#recorder.base);
      this.#subscribers.wake();
      if (this.#recorder.lostBytes !== this.#record.lost_bytes) this.#transition({});
    }, RETRY_MS);
  }

  async #onExited(status: ExitStatus): Promise<void> {
    this.#status = status;
    this.#exited.resolve();
    this.#pty.drain();
    await this.#end();
  }

  /** Ends the tree, takes what it still wrote, and closes. The same promise for all who ask. */
  #end(): Promise<void> {
    return (this.#ending ??= this.#endOnce());
  }

  async #endOnce(): Promise<void> {
    const onSignal = (signal: number) => {
      if (!this.#status) this.#killSignal = signal;
    };
    await endTree(this.#tree, { graceMs: GRACE_MS, limitMs: END_LIMIT_MS, onSignal });
    // The system tells of the end of the last process a moment after it is off the list.
    await Promise.race([this.#exited.promise, new Promise((go) => setTimeout(go, 200))]);
    this.#pty.release();
    this.#pty.drain();
    this.#input.close();
    this.#recorder.flush();
    const { exitCode = null, signal = null } = this.#status ?? {};
    const wasKilled = signal !== null || this.#killSignal !== undefined;
    this.#transition({
      state: wasKilled ? "killed" : "exited",
      exit_code: wasKilled ? null : exitCode,
      signal: wasKilled ? signal ?? this.#killSignal! : null,
      ended_at: Date.now(),
    });
    await this.#equipped;
    this.#attach?.ended();
    await this.#leaveScreen();
    this.#pty.close();
    this.#recorder.close();
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#cutTimer);
    this.#subscribers.close();
    this.#poller.stop();
  }

  async #leaveScreen(): Promise<void> {
    if (!this.#keeper) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), SCREEN_LIMIT_MS);
      });
      const screen = await Promise.race([this.#keeper.snapshot(), late]);
      if (screen) writeScratch(this.#paths.screen, screen);
    } catch {
      // Without it, the screen can still be made from the log.
    } finally {
      clearTimeout(timer);
      this.#keeper.dispose();
    }
  }

  #transition(change: Partial<SessionRecord>): void {
    this.#record = { ...this.#record, ...change, lost_bytes: this.#recorder.lostBytes };
    try {
      writeRecord(this.#paths.record, this.#record);
    } catch {
      // The folder is gone, or no byte can be written: the lock still tells that we live.
    }
    this.#subscribers.wake();
  }

  #resize(cols: number, rows: number): boolean {
    if (!this.#pty.resize(cols, rows)) return false;
    this.#index.noteSize(this.#recorder.end, cols, rows);
    this.#keeper?.resized(cols, rows);
    this.#transition({ cols, rows });
    return true;
  }

  async #handle(request: ControlRequest): Promise<Readonly<Record<string, unknown>>> {
    switch (request.op) {
      case "input":
        return await this.#handleInput(request);
      case "resize":
        return { ok: this.#resize(request.cols ?? 120, request.rows ?? 40) };
      case "kill":
        this.#killSignal ??= 1;
        await this.#end();
        return { ok: true, tree_gone: findTree(this.#tree).length === 0 };
      case "subscribe":
        return { ok: this.#subscribers.add(join(this.#paths.dir, request.reply)) };
      case "wake":
        this.#subscribers.wake();
        return { ok: true };
      case "modes":
        await this.#equipped;
        return { ok: true, ...await this.#keeper?.modes() };
      case "screen":
        return await this.#handleScreen();
      default:
        await this.#equipped;
        return this.#attach
          ? await this.#attach.handle(request)
          : { ok: false, error: `no operation "${request.op}"` };
    }
  }

  async #handleInput(request: ControlRequest): Promise<Readonly<Record<string, unknown>>> {
    const offset = this.#recorder.end;
    const outcome = await this.#input.send(this.#takeInput(request), {
      goal: request.wait ?? "read",
      timeoutMs: request.timeout_ms ?? 10_000,
    });
    return { ok: true, ...outcome, offset };
  }

  #takeInput(request: ControlRequest): Uint8Array {
    if (request.file === undefined) {
      return Uint8Array.from(atob(request.bytes ?? ""), (char) => char.charCodeAt(0));
    }
    const path = join(this.#paths.dir, request.file);
    try {
      return Deno.readFileSync(path);
    } finally {
      removeIfThere(path);
    }
  }

  async #handleScreen(): Promise<Readonly<Record<string, unknown>>> {
    await this.#equipped;
    if (!this.#keeper) return { ok: false, error: "this session keeps no screen" };
    const name = `s-${crypto.randomUUID()}`;
    const snapshot = await this.#keeper.snapshot();
    try {
      writeScratch(join(this.#paths.dir, name), snapshot);
    } catch (error) {
      return { ok: false, error: `cannot hand the screen over: ${messageOf(error)}` };
    }
    return { ok: true, file: name };
  }
}

function writeScratch(path: string, content: object): void {
  writeFileAtomic(path, JSON.stringify(content), { flush: false });
}
