/**
 * A supervisor that has said how its session ended is still leaving the last screen behind.
 *
 * @module
 */
import { isLocked } from "../base/file_lock.ts";

const LIMIT_MS = 5000;

/**
 * Waits until the supervisor of a session that is over has gone.
 *
 * @returns Whether it has, within 5 s.
 */
export async function waitForLastSupervisor(lockPath: string): Promise<boolean> {
  const deadline = performance.now() + LIMIT_MS;
  while (isLocked(lockPath)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
