/**
 * The foreground: brings the pulse up as a session, follows what it tells, and on the way out ends
 * pulse and workers. A second foreground only follows.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";
import { readLockPid, tryLock } from "../base/file_lock.ts";
import { isIgnored } from "../libc/signals.ts";
import { EventTail } from "../log/event_tail.ts";
import type { LogEvent } from "../log/events.ts";
import { childEnv } from "../profile/child_env.ts";
import type { Environment } from "../profile/environment.ts";
import { selfCommand } from "../profile/self.ts";
import { findSession } from "../session/registry.ts";
import { startSession } from "../session/start_session.ts";
import { subscribe } from "../session/subscription.ts";
import { exitCodeOf } from "../session/wait_session.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { openPopup } from "./popup.ts";
import { requireDataDir } from "./require_data_dir.ts";
import { PULSE_ID } from "./sessions_reading.ts";
import { tearDown } from "./teardown.ts";

/** How long a second foreground waits for the first one's pulse. */
const APPEAR_MS = 10_000;
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type StopSignal = keyof typeof SIGNALS;

/** What the foreground needs besides the profile. */
export interface ForegroundOptions {
  readonly env: Environment;
  /** Sees every event of the pulse and of the foreground, in order. */
  readonly show: (event: LogEvent) => void;
  /** Shows what the pulse printed last when it ended without a word. */
  readonly showLastWords: (text: string) => void;
  /** Stops everything in order, as Ctrl-C does; the exit code is then 0. */
  readonly until?: Promise<unknown>;
}

/**
 * Runs the foreground to its end.
 *
 * @returns The exit code: 130, 143, 129 after Ctrl-C, TERM, HUP; else how the pulse ended.
 * @throws {LooopError} When the pulse does not come up, or the data dir has vanished.
 */
export async function runForeground(
  context: BeatContext,
  options: ForegroundOptions,
): Promise<number> {
  const { paths } = context.profile;
  using owned = tryLock(paths.foreground);
  using stop = new StopSignals();
  void options.until?.then(() => stop.finish());
  const tail = new EventTail(paths.events);
  const say = (event: Parameters<typeof tell>[1], message: string) => {
    tell(context, event, message);
    drain();
  };
  const popups = owned && context.settings.config.popup && options.env("TMUX") !== undefined;
  const drain = () => {
    for (const event of tail.read()) {
      options.show(event);
      if (event.event === "flag_raised" && popups) void popUp(context, options.env, event);
    }
  };

  const isThere = () => findSession(paths.sessionsDir, PULSE_ID)?.isAlive === true;
  if (owned && isThere()) say("pulse_adopted", "took over the pulse that was left behind");
  else if (owned) await startPulse(context);
  else {
    const pid = readLockPid(paths.foreground);
    await waitFor(isThere, stop);
    say(
      "following",
      `a second looop (pid ${Deno.pid}) only follows; pid ${pid ?? "unknown"} owns the pulse`,
    );
  }
  const { ended, code } = await follow(context, stop, drain);
  requireDataDir(context.profile.dataDir, "has vanished; its workers end with it");
  if (!owned) return stop.code ?? 0;
  if (ended && !stop.isStopped) {
    const words = ended.at(-1);
    if (code !== 0 && words) options.showLastWords(ended.join("\n"));
    say("pulse_ended", `the pulse has ended (exit ${code}); ending its workers`);
  } else say("stopping", `${stop.signal ?? "done"}: stopping the pulse and its workers`);
  const { workers, problems } = await tearDown(paths.sessionsDir);
  drain();
  for (const problem of problems) tell(context, "warning", problem, { level: "error" });
  const who = workers.length === 0 ? "no worker was alive" : `ended ${workers.join(", ")}`;
  say("stopped", `stopped; ${who}`);
  if (stop.isStopped) return stop.code ?? 0;
  return code === 0 ? 1 : code;
}

/** Starts the pulse's session. Its environment is the person's own, less what another terminal set. */
async function startPulse({ profile, looopBin, settings }: BeatContext): Promise<void> {
  const [program, ...args] = selfCommand();
  await startSession(PULSE_ID, {
    sessionsDir: profile.paths.sessionsDir,
    supervisor: [program, ...args, "_supervise"],
    command: [program, ...args, "_pulse"],
    cwd: profile.dataDir,
    env: { ...Deno.env.toObject(), ...childEnv(profile, looopBin) },
    logMaxBytes: settings.knobs.sessionLogMaxBytes,
  });
}

/** Follows the pulse's events until it ends or a signal comes. */
async function follow(
  context: BeatContext,
  stop: StopSignals,
  drain: () => void,
): Promise<{ readonly ended: readonly string[] | undefined; readonly code: number }> {
  const { sessionsDir } = context.profile.paths;
  const session = findSession(sessionsDir, PULSE_ID);
  if (!session) {
    throw new LooopError("the pulse did not come up", { hint: "run `looop log pulse`" });
  }
  using changes = subscribe(session.dir);
  for (;;) {
    // Each event is also a line on the pulse's screen, so that its session tells when to look.
    const wake = await Promise.race([changes.changed(), stop.whenStopped]);
    drain();
    if (wake === "stopped") return { ended: undefined, code: 0 };
    const now = findSession(sessionsDir, PULSE_ID);
    if (wake === "ended" || !now?.isAlive) {
      const text = readLastLines(session.dir);
      return { ended: text, code: now ? exitCodeOf(now) : 1 };
    }
  }
}

function readLastLines(dir: string): readonly string[] {
  try {
    const text = Deno.readTextFileSync(`${dir}/output.log`);
    return text.replaceAll("\r\n", "\n").trimEnd().split("\n").slice(-5);
  } catch {
    return []; // No log: nothing was said.
  }
}

async function popUp(context: BeatContext, env: Environment, event: LogEvent): Promise<void> {
  const id = String(event["session"]);
  const { profile: { dataDir, configPath }, looopBin } = context;
  const problem = await openPopup(id, { env, looopBin, dataDir, configPath });
  if (problem !== undefined) tell(context, "warning", `no tmux window for ${id}: ${problem}`);
}

async function waitFor(isThere: () => boolean, stop: StopSignals): Promise<void> {
  const deadline = performance.now() + APPEAR_MS;
  while (!isThere() && performance.now() < deadline && !stop.isStopped) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The signals that end the foreground; one that the caller ignores (nohup) stays ignored. */
class StopSignals implements Disposable {
  signal: StopSignal | undefined;
  isStopped = false;
  readonly whenStopped: Promise<"stopped">;
  readonly #stop: (value: "stopped") => void;
  readonly #listeners: (readonly [StopSignal, () => void])[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<"stopped">();
    this.whenStopped = promise;
    this.#stop = resolve;
    // All are asked before the first listener is added: Deno 2.9 then takes the others over as well,
    // so that one which shall stay ignored needs a listener that does nothing.
    const names = Object.keys(SIGNALS) as StopSignal[];
    const ignored = new Set(names.filter((name) => isIgnored(SIGNALS[name])));
    for (const name of names) {
      const listener = () => {
        if (ignored.has(name)) return;
        this.signal ??= name;
        this.finish();
      };
      Deno.addSignalListener(name, listener);
      this.#listeners.push([name, listener]);
    }
  }

  /** Stops without a signal. */
  finish(): void {
    this.isStopped = true;
    this.#stop("stopped");
  }

  /** The exit code that tells of the signal. */
  get code(): number | undefined {
    return this.signal && 128 + SIGNALS[this.signal];
  }

  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
  }
}
