/**
 * Which sessions are workers: all but the pulse's own.
 *
 * @module
 */
import type { Session } from "../session/registry.ts";

/** The pulse's own session; it is no worker. */
export const PULSE_ID = "pulse";

/** Leaves the pulse out. */
export function workersAmong(sessions: readonly Session[]): readonly Session[] {
  return sessions.filter(({ id }) => id !== PULSE_ID);
}
