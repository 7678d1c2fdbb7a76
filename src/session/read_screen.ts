/**
 * Gets a session's screen from wherever it is: its supervisor, the file that it left, or the log.
 *
 * @module
 */
import { join } from "node:path";
import { readTextIfThere, removeIfThere } from "../base/atomic_file.ts";
import { request, SupervisorGone } from "./channel.ts";
import { openLog } from "./log_file.ts";
import { findSession, getSession } from "./registry.ts";
import { Screen } from "./screen.ts";
import { parseSnapshot, type ScreenSnapshot } from "./screen_snapshot.ts";
import { pathsIn } from "./session_paths.ts";

/** Of a longer log only the end is shown again: a screen holds far less than this. */
const REPLAY_BYTES = 8 * 1024 * 1024;
const BATCH_BYTES = 256 * 1024;
/** A flood of output may have to be caught up with first. */
const ANSWER_LIMIT_MS = 60_000;

/** A screen, and whether all of its output was there to make it from. */
export interface ReadScreen {
  readonly snapshot: ScreenSnapshot;
  readonly isWhole: boolean;
}

/**
 * Reads the screen of any session, alive or not.
 *
 * @throws {LooopError} When there is no session of this id.
 */
export async function readScreen(sessionsDir: string, id: string): Promise<ReadScreen> {
  const { dir, isAlive } = getSession(sessionsDir, id);
  if (isAlive) {
    try {
      return { snapshot: await askForScreen(dir), isWhole: true };
    } catch (error) {
      if (!(error instanceof SupervisorGone)) throw error;
    }
  }
  const state = findSession(sessionsDir, id)?.state;
  if (state !== "dead") {
    const left = readTextIfThere(pathsIn(dir).screen);
    if (left !== undefined) return { snapshot: parseSnapshot(left), isWhole: true };
  }
  return await replayLog(dir, getSession(sessionsDir, id).record);
}

/**
 * Asks a supervisor for the screen as it is now.
 *
 * @throws {SupervisorGone} When there is none (any more).
 */
export async function askForScreen(
  dir: string,
  timeoutMs = ANSWER_LIMIT_MS,
): Promise<ScreenSnapshot> {
  const { file } = await request(dir, "screen", {}, timeoutMs);
  const path = join(dir, String(file));
  const snapshot = parseSnapshot(Deno.readTextFileSync(path));
  removeIfThere(path);
  return snapshot;
}

/** Shows the recorded output on a new screen, with each change of size at its place. */
async function replayLog(
  dir: string,
  now: { readonly cols: number; readonly rows: number },
): Promise<ReadScreen> {
  using log = openLog(dir);
  const end = log?.end() ?? 0;
  const from = Math.max(log?.base ?? 0, end - REPLAY_BYTES);
  const sizes = readSizes(dir);
  const first = sizes.findLast(({ offset }) => offset <= from) ?? now;
  const later = sizes.filter(({ offset }) => offset > from);
  const screen = await Screen.create({ cols: first.cols, rows: first.rows });
  const buffer = new Uint8Array(BATCH_BYTES);
  for (let at = from; log !== undefined && at < end;) {
    while (later[0] !== undefined && later[0].offset <= at) {
      const { cols, rows } = later.shift()!;
      screen.resize(cols, rows);
    }
    const until = Math.min(end, later[0]?.offset ?? end);
    const count = log.readAt(at, buffer.subarray(0, Math.min(BATCH_BYTES, until - at)));
    if (count === 0) break;
    await screen.write(buffer.subarray(0, count));
    at += count;
  }
  screen.resize(now.cols, now.rows);
  return { snapshot: screen.snapshot(end), isWhole: from === 0 };
}

interface SizeRecord {
  readonly offset: number;
  readonly cols: number;
  readonly rows: number;
}

/** Reads the changes of size from the log's index: lines of `[offset, ms, cols, rows]`. */
function readSizes(dir: string): SizeRecord[] {
  const lines = (readTextIfThere(pathsIn(dir).logIndex) ?? "").split("\n");
  return lines.flatMap((line) => {
    const [, offset, cols, rows] = /^\[(\d+),\d+,(\d+),(\d+)\]$/.exec(line) ?? [];
    if (rows === undefined) return [];
    return [{ offset: Number(offset), cols: Number(cols), rows: Number(rows) }];
  });
}
