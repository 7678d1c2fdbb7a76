/**
 * What wakes the pulse before its time: an edit of PLAYBOOK or a goal, a worker's end, and whoever
 * writes a byte into `<data>/.wake` (flags, answers, new sessions).
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { POLLHUP, POLLIN } from "../libc/constants.ts";
import { makeFifo, openFd, pollFds, readFd, writeFd } from "../libc/descriptors.ts";
import type { ProfilePaths } from "../profile/profile.ts";
import { WAKE_BYTE } from "./poke.ts";
import { type EndWatch, watchEnd } from "../session/end_watch.ts";
import type { Session } from "../session/registry.ts";

/** A burst of edits is over after this long without another one. */
const QUIET_MS = 40;
/** But it is not waited for longer than this. */
const BURST_MAX_MS = 200;
/** A safety net: lost file events, a clock that was set, a laptop that slept. */
const NET_MS = 5000;
const EDITED = "PLAYBOOK or a goal was edited";

/** A stamp of PLAYBOOK and of each goal, by path relative to the data dir. */
export type PolicyStamps = ReadonlyMap<string, string>;

/** Everything that can wake one pulse. */
export class WakeSources implements Disposable {
  readonly #paths: ProfilePaths;
  readonly #fifo: number;
  readonly #ends = new Map<string, EndWatch>();
  readonly #watchers: readonly Deno.FsWatcher[];
  #notify: () => void = () => {};
  #reason: string | undefined;
  #policy: PolicyStamps = new Map();
  #isClosed = false;

  constructor(paths: ProfilePaths) {
    this.#paths = paths;
    makeOwnFifo(paths.wake);
    // Read and write: it never sees an end between two writers.
    this.#fifo = openFd(paths.wake, "readwrite");
    this.#watchers = [dirname(paths.playbook), paths.goalsDir].flatMap(watchFolder);
    this.#policy = this.look();
    void this.#listen();
    for (const watcher of this.#watchers) void this.#follow(watcher);
  }

  /** Describes PLAYBOOK and goals as they are now, for `settle()`. */
  look(): PolicyStamps {
    return stampsOf(this.#paths);
  }

  /**
   * Says what the last beat has seen; whatever differs from it wakes.
   *
   * @param living The workers whose end shall wake from now on.
   * @param seen What `look()` said before the beat.
   * @param own Files that the beat wrote itself, relative to the data dir; they count as seen.
   */
  settle(living: readonly Session[], seen: PolicyStamps, own: readonly string[] | "any"): void {
    const now = this.look();
    const kept = new Map(own === "any" ? now : seen);
    for (const path of own === "any" ? [] : own) {
      const stamp = now.get(path);
      if (stamp === undefined) kept.delete(path);
      else kept.set(path, stamp);
    }
    this.#policy = kept;
    if (this.#reason === EDITED) this.#reason = undefined;
    const keys = new Set(living.map(keyOf));
    for (const [key, watch] of this.#ends) {
      if (keys.has(key)) continue;
      watch[Symbol.dispose]();
      this.#ends.delete(key);
    }
    const added = living.filter((session) => !this.#ends.has(keyOf(session)));
    for (const session of added) this.#ends.set(keyOf(session), watchEnd(session.dir));
    // The poll that is under way does not know of the new ones.
    if (added.length > 0) this.poke();
  }

  /** Wakes the poll without waking the pulse. */
  poke(): void {
    writeFd(this.#fifo, new Uint8Array([0]));
  }

  /** Wakes the pulse. */
  wake(reason: string): void {
    this.#reason ??= reason;
    this.#notify();
  }

  /**
   * Sleeps until something wakes the pulse, or for `ms` by whichever clock is through with it first.
   *
   * @returns What woke it; undefined when the time was up.
   */
  async sleep(ms: number): Promise<string | undefined> {
    const startMono = performance.now();
    const startWall = Date.now();
    while (this.#reason === undefined && !this.#isClosed) {
      const passed = Math.max(performance.now() - startMono, Date.now() - startWall);
      if (passed >= ms) return undefined;
      if (this.#isEdited()) {
        this.#reason = EDITED;
        break;
      }
      await this.#signalled(Math.min(ms - passed, NET_MS));
      if (this.#isEdited()) this.#reason ??= EDITED;
    }
    await this.#untilQuiet();
    const reason = this.#reason;
    this.#reason = undefined;
    return reason;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#notify();
    this.poke();
    for (const watcher of this.#watchers) watcher.close();
    for (const watch of this.#ends.values()) watch[Symbol.dispose]();
  }

  #isEdited(): boolean {
    return !areSame(this.#policy, this.look());
  }

  /** Waits for a sign of any source, at most `ms`. */
  async #signalled(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#notify = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#notify = () => {};
  }

  /** Folds a burst: an editor's several writes, a script that touches many goals. */
  async #untilQuiet(): Promise<void> {
    const deadline = performance.now() + BURST_MAX_MS;
    let last: PolicyStamps | undefined;
    while (performance.now() < deadline && !this.#isClosed) {
      const stamps = this.look();
      if (last && areSame(last, stamps)) return;
      last = stamps;
      await this.#signalled(QUIET_MS);
    }
  }

  /** Polls the FIFO and the workers' ends. */
  async #listen(): Promise<void> {
    const buffer = new Uint8Array(256);
    while (!this.#isClosed) {
      const watched = [...this.#ends].filter(([, { fd }]) => fd >= 0);
      const [fifo = 0, ...ends] = await pollFds(
        [{ fd: this.#fifo, events: POLLIN }, ...watched.map(([, { fd }]) => ({ fd, events: 0 }))],
        NET_MS,
      );
      if (this.#isClosed) return;
      if (fifo & POLLIN) {
        const count = readFd(this.#fifo, buffer);
        if (buffer.subarray(0, Math.max(0, count)).includes(WAKE_BYTE)) this.wake("poked");
      }
      for (const [index, [key, watch]] of watched.entries()) {
        if (((ends[index] ?? 0) & POLLHUP) === 0) continue;
        watch[Symbol.dispose]();
        this.#ends.delete(key);
        this.wake("a worker ended");
      }
    }
  }

  /** Follows the file events that matter; the others are the pulse's own scratch. */
  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { paths } of watcher) {
        const isPolicy = paths.some((path) =>
          path.endsWith(".md") && !basename(path).startsWith(".")
        );
        if (isPolicy && this.#isEdited()) this.wake(EDITED);
      }
    } catch {
      // The system has no watches left, or the folder is gone: the safety net goes on looking.
    }
  }
}

/** Makes the FIFO; one that is there already is as good, anything else goes: a file would never rest. */
function makeOwnFifo(path: string): void {
  try {
    if (!Deno.lstatSync(path).isFifo) Deno.removeSync(path, { recursive: true });
  } catch {
    // Nothing there, or nothing that can be removed: the safety net looks every few seconds.
  }
  makeFifo(path);
}

function watchFolder(folder: string): readonly Deno.FsWatcher[] {
  try {
    return [Deno.watchFs(folder, { recursive: false })];
  } catch {
    return []; // No watches to be had: the safety net looks every few seconds.
  }
}

function keyOf({ id, record }: Session): string {
  return `${id} ${record.incarnation}`;
}

/** Describes each of PLAYBOOK and goals such that an edit changes it; no file's content is read. */
function stampsOf({ playbook, goalsDir }: ProfilePaths): PolicyStamps {
  const stamps = new Map<string, string>();
  const add = (name: string, path: string) => {
    try {
      const { size, mtime, ino } = Deno.statSync(path);
      stamps.set(name, `${size} ${mtime?.getTime()} ${ino}`);
    } catch {
      // Not there (any more): that is what the missing entry says.
    }
  };
  add("PLAYBOOK.md", playbook);
  try {
    for (const { name, isDirectory } of Deno.readDirSync(goalsDir)) {
      if (isDirectory || !name.endsWith(".md") || name.startsWith(".")) continue;
      add(`goals/${name}`, `${goalsDir}/${name}`);
    }
  } catch {
    // No goals: no entries.
  }
  return stamps;
}

function areSame(a: PolicyStamps, b: PolicyStamps): boolean {
  return a.size === b.size && [...a].every(([path, stamp]) => b.get(path) === stamp);
}
