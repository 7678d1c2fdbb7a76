/**
 * What the system tells of running processes. Linux only.
 *
 * @module
 */
import { findSession } from "../../src/session/registry.ts";

/** The two processes of a live session. */
export function readSession(
  sessionsDir: string,
  id: string,
): { readonly pid: number; readonly supervisorPid: number } {
  const { pid, supervisor_pid } = findSession(sessionsDir, id)?.record ?? {};
  if (!pid || !supervisor_pid) throw new Error(`the session ${id} does not run`);
  return { pid, supervisorPid: supervisor_pid };
}

/** Memory that a process has for itself, and its share of what it has with others, in MiB. */
export function readPssMiB(pid: number): number {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(
    Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`),
  ) ?? [];
  return Number(kib) / 1024;
}

/** How often the threads of a process have gone to sleep so far. */
export function countSwitches(pid: number): number {
  let count = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const status = Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`);
    count += Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
  }
  return count;
}

/** Counts open descriptors. */
export function countDescriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** Counts threads. */
export function countThreads(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].length;
}
