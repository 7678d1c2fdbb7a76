/**
 * The pulse: beats, one after the other, each as soon as something happens or its time has come.
 *
 * @module
 */
import { LooopError, messageOf } from "../base/errors.ts";
import { tryLock } from "../base/file_lock.ts";
import type { Environment } from "../profile/environment.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { listOpenQuestions } from "../question/list_questions.ts";
import { listSessions } from "../session/registry.ts";
import { beat, type BeatResult } from "./beat.ts";
import { type BeatContext, loadSettings, type Settings, tell } from "./beat_context.ts";
import { takeNextInterval } from "./beat_state.ts";
import { forgetNextBeat, noteNextBeat } from "./next_beat.ts";
import { requireDataDir } from "./require_data_dir.ts";
import { workersAmong } from "./sessions_reading.ts";
import { WakeSources } from "./wake.ts";
import { WorkerNews } from "./worker_news.ts";

/** A beat that threw is not repeated faster than this: the disk may be full. */
const AFTER_FAULT_MS = 10_000;

/**
 * Beats until `signal` aborts.
 *
 * @throws {LooopError} When another pulse or tick holds the profile, or the data dir vanished.
 */
export async function runLoop(
  start: BeatContext,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<void> {
  const { paths, dataDir } = start.profile;
  using lock = tryLock(paths.lock);
  if (!lock) throw new LooopError("another pulse or tick holds this profile");
  using sources = new WakeSources(paths);
  signal.addEventListener("abort", () => sources.wake("stopped"), { once: true });
  const news = new WorkerNews();
  const reload = settingsReader(start, env);
  tell(start, "pulse_start", `the pulse beats, data in ${dataDir}`, { fields: { pid: Deno.pid } });
  while (!signal.aborted) {
    const context = { ...start, settings: reload(), signal };
    requireDataDir(dataDir);
    const look = () => {
      const workers = workersAmong(listSessions(paths.sessionsDir));
      news.tellChanges(context, workers);
      news.tellQuestions(context, listOpenQuestions(paths.asksDir, isAliveIn(paths.sessionsDir)));
      return workers;
    };
    look();
    const before = sources.look();
    const result = await beatSafely(context);
    if (signal.aborted) break;
    const workers = look();
    sources.settle(workers.filter(({ isAlive }) => isAlive), before, ownWrites(result));
    const pauseMs = result === undefined
      ? AFTER_FAULT_MS
      : pauseAfter(result, context, workers.some(({ isAlive }) => isAlive));
    noteNextBeat(paths, context.now().getTime() + pauseMs);
    const woken = await sources.sleep(pauseMs);
    forgetNextBeat(paths);
    if (woken !== undefined && !signal.aborted) {
      tell(context, "beat_start", `woken: ${woken}`, { level: "debug", fields: { reason: woken } });
    }
  }
  tell(start, "pulse_stop", "the pulse stops");
}

/** What the beat wrote itself does not wake: the beat after a move comes at its own time. */
function ownWrites(result: BeatResult | undefined): readonly string[] | "any" {
  return result?.outcome === "acted" ? result.wrote : [];
}

/** A beat's own faults (a full disk, a folder in a file's place) must not end the pulse. */
async function beatSafely(context: BeatContext): Promise<BeatResult | undefined> {
  try {
    return await beat(context);
  } catch (error) {
    tell(context, "failed", `the beat broke off: ${messageOf(error)}`, { level: "error" });
    return undefined;
  }
}

/** How long to sleep when nothing wakes the pulse. */
function pauseAfter(result: BeatResult, context: BeatContext, hasWorkers: boolean): number {
  const { intervalMs, busyIntervalMs, activeIntervalMs } = context.settings.knobs;
  const override = takeNextInterval(context.profile.paths);
  if (result.outcome === "stale") return 0;
  if (override !== undefined) return override;
  if (result.outcome === "acted" || result.outcome === "asked") return busyIntervalMs;
  const pauseMs = hasWorkers ? activeIntervalMs : intervalMs;
  if (result.outcome !== "held" || result.untilMs === undefined) return pauseMs;
  return Math.max(1000, Math.min(pauseMs, result.untilMs - context.now().getTime()));
}

/** Reads the settings anew for each beat; a config that is wrong now leaves the last good ones. */
function settingsReader(start: BeatContext, env: Environment): () => Settings {
  const { configPath } = start.profile;
  let good = start.settings;
  let wasThere = isThere(configPath);
  let told = "";
  return () => {
    try {
      // An editor may be writing it anew; the defaults know of no cap.
      if (wasThere && !isThere(configPath)) throw new LooopError(`config ${configPath} is gone`);
      good = loadSettings(start.profile, env);
      wasThere = isThere(configPath);
      told = "";
    } catch (error) {
      const message = `${messageOf(error)}; going on with the settings of before`;
      if (message !== told) tell(start, "config_rejected", message, { level: "error" });
      told = message;
    }
    return good;
  };
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
