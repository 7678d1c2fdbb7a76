/**
 * Reads and follows a session's output.
 *
 * @module
 */
import { type OpenLog, openLog } from "./log_file.ts";
import { findSession } from "./registry.ts";
import { subscribe } from "./subscription.ts";

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 10;

/** A piece of output and where it stands. */
export interface LogChunk {
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What to read. */
export interface ReadLogOptions {
  readonly sessionsDir: string;
  readonly id: string;
  /** Where to begin; the oldest byte kept where left out. */
  readonly since?: number;
  /** Go on until the session ends. */
  readonly isFollowing: boolean;
  /** Told when output was asked for that is gone. */
  readonly onGap?: (from: number, to: number) => void;
}

/** Gives output in order, piece by piece. With `isFollowing` it ends with the session. */
export async function* readLog(
  dir: string,
  { sessionsDir, id, since, isFollowing, onGap }: ReadLogOptions,
): AsyncGenerator<LogChunk> {
  using changes = isFollowing ? subscribe(dir) : undefined;
  const incarnation = findSession(sessionsDir, id)?.record.incarnation;
  let log = openLog(dir);
  let offset = since ?? log?.base ?? 0;
  try {
    for (;;) {
      await changes?.changed();
      // Asked before reading, so that what came before the end is read after it.
      const session = findSession(sessionsDir, id);
      const isOver = !session?.isAlive || session.record.incarnation !== incarnation;
      for (;;) {
        if (log && offset < log.base) {
          onGap?.(offset, log.base);
          offset = log.base;
        }
        const bytes = new Uint8Array(CHUNK_BYTES);
        const count = log?.readAt(offset, bytes) ?? 0;
        if (count > 0) {
          yield { offset, bytes: bytes.subarray(0, count) };
          offset += count;
        } else if (!log || log.isReplaced()) {
          const next = openLog(dir);
          if (!next) break;
          log?.[Symbol.dispose]();
          log = next;
        } else break;
      }
      if (isOver || !changes) return;
    }
  } finally {
    log?.[Symbol.dispose]();
  }
}

/**
 * Finds where the last lines of a log begin, reading from its end.
 *
 * @param count How many lines; the last one need not be finished.
 */
export function findTail(log: OpenLog, count: number): number {
  const end = log.end();
  if (count <= 0) return end;
  const buffer = new Uint8Array(CHUNK_BYTES);
  let left = count;
  let at = end;
  while (at > log.base) {
    const from = Math.max(log.base, at - CHUNK_BYTES);
    const read = log.readAt(from, buffer.subarray(0, at - from));
    for (let i = read - 1; i >= 0; i--) {
      if (buffer[i] !== LINE_FEED || from + i === end - 1) continue;
      if (--left <= 0) return from + i + 1;
    }
    if (read === 0) break;
    at = from;
  }
  return log.base;
}
