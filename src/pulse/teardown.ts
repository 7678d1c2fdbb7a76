/**
 * The foreground's own end of everything, and the mark that it leaves on each worker, so that a loop
 * that is started again does not take the teardown for news.
 *
 * @module
 */
import { join } from "node:path";
import { readTextIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { messageOf } from "../base/errors.ts";
import { killSession } from "../session/end_session.ts";
import { listSessions, type Session } from "../session/registry.ts";
import { PULSE_ID } from "./workers_among.ts";

const MARK = "torn-down";

/** Tells whether a session that is over was ended by a teardown. */
export function isTornDown({ dir, record }: Session): boolean {
  return readTextIfThere(join(dir, MARK))?.trim() === record.incarnation;
}

/** What a teardown did. */
export interface TornDown {
  /** Ids of the workers that were ended. */
  readonly workers: readonly string[];
  /** What could not be ended, one sentence each. */
  readonly problems: readonly string[];
}

/** Ends the pulse, then every living worker, all at once. */
export async function tearDown(sessionsDir: string): Promise<TornDown> {
  const problems: string[] = [];
  const end = async ({ id }: Session) => {
    try {
      await killSession(sessionsDir, id);
    } catch (error) {
      problems.push(messageOf(error));
    }
  };
  const living = () => listSessions(sessionsDir).filter(({ isAlive }) => isAlive);
  // The pulse first: it must not see its workers go and act on it.
  await Promise.all(living().filter(({ id }) => id === PULSE_ID).map(end));
  const workers = living().filter(({ id }) => id !== PULSE_ID);
  for (const { dir, record } of workers) {
    writeFileAtomic(join(dir, MARK), record.incarnation + "\n", { flush: false });
  }
  await Promise.all(workers.map(end));
  return { workers: workers.map(({ id }) => id).sort(), problems };
}
