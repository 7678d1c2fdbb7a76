/**
 * Finds and ends whole process trees: background jobs, double-forked and `setsid` children,
 * children that ignore polite signals.
 *
 * On Linux the keeper adopts every orphan, so that the tree below it is complete. On macOS a child
 * that left session and parent is found by a mark in its environment, as well as can be.
 *
 * @module
 */
import { C, isDarwin, SIGHUP, SIGKILL, SIGTERM } from "./constants.ts";
import { hasLibc } from "./load.ts";
import * as plain from "./plain_processes.ts";
import { signalProcess } from "./processes.ts";
import * as darwin from "./darwin_processes.ts";
import * as linux from "./linux_processes.ts";

/** Which processes are meant. */
export interface TreeSelection {
  /** Everything below this process, without the process itself. */
  readonly below?: number;
  /** Everything whose environment holds this `NAME=value`; not asked where orphans are adopted. */
  readonly mark?: string;
  /** The same for every value that begins like this. */
  readonly markPrefix?: string;
  /** Everything that writes its output into one of these pipes, as `outputPipesOf()` names them. */
  readonly pipes?: readonly string[];
  /** Whatever has a variable of this name in its environment is left alone, with all below it. */
  readonly exceptVariable?: string;
}

let isAdopting = false;

/** Makes this process the parent of the orphans below it, where the system can. */
export function adoptOrphans(): void {
  if (isDarwin || !hasLibc()) return;
  linux.adoptOrphans();
  isAdopting = true;
}

/** Tells whether processes that this one never started may become its children. */
export function isAdoptingOrphans(): boolean {
  return isAdopting;
}

/** Lists the living processes that a selection means, this process never among them. */
export function findTree(selection: TreeSelection): readonly number[] {
  const children = new Map<number, number[]>();
  const pids: number[] = [];
  for (const { pid, parent, isZombie } of listProcesses()) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
    if (!isZombie) pids.push(pid);
  }
  const living = new Set(pids);
  const found = new Set<number>();
  const isExempt = (pid: number) =>
    pid === Deno.pid ||
    (selection.exceptVariable !== undefined && hasVariable(pid, selection.exceptVariable));
  const descend = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child) || isExempt(child)) continue;
      found.add(child);
      descend(child);
    }
  };
  if (selection.below !== undefined) descend(selection.below);
  const { mark, markPrefix } = selection;
  const entry = mark === undefined ? markPrefix && `\0${markPrefix}` : `\0${mark}\0`;
  if (entry !== undefined && !isAdopting) {
    for (const pid of pids) {
      if (found.has(pid) || !environmentOf(pid).includes(entry) || isExempt(pid)) continue;
      found.add(pid);
      descend(pid);
    }
  }
  const { pipes = [] } = selection;
  if (pipes.length > 0) {
    for (const pid of pids) {
      const isMeant = outputPipesOf(pid).some((pipe) => pipes.includes(pipe));
      if (found.has(pid) || !isMeant || isExempt(pid)) continue;
      found.add(pid);
      descend(pid);
    }
  }
  return [...found].filter((pid) => living.has(pid));
}

/**
 * Names the pipes that a process writes its output into: by them is found, on Linux, what wiped its
 * environment and left group, session and parent.
 */
export function outputPipesOf(pid: number): readonly string[] {
  return isDarwin || !hasLibc() ? [] : linux.readOutputPipes(pid);
}

/** How patient `endTree()` is. */
export interface EndTreeOptions {
  /** From the polite signals to SIGKILL. */
  readonly graceMs: number;
  /** From the start until it gives up. */
  readonly limitMs: number;
  /** The signal sent so far, for a record. */
  readonly onSignal?: (signal: number) => void;
}

/**
 * Hangs up on and terminates every process of a selection, then kills what is left.
 *
 * @returns Whether all are gone.
 */
export async function endTree(
  selection: TreeSelection,
  { graceMs, limitMs, onSignal }: EndTreeOptions,
): Promise<boolean> {
  const start = performance.now();
  const warned = new Set<number>();
  let pauseMs = 2;
  for (;;) {
    const pids = findTree(selection);
    if (pids.length === 0) return true;
    const elapsedMs = performance.now() - start;
    if (elapsedMs >= limitMs) return false;
    const isKilling = elapsedMs >= graceMs;
    onSignal?.(isKilling ? SIGKILL : SIGTERM);
    for (const pid of pids) {
      if (isKilling) signalProcess(pid, SIGKILL);
      else if (!warned.has(pid)) hangUp(pid);
      warned.add(pid);
    }
    const restMs = isKilling ? 20 : Math.max(1, graceMs - elapsedMs);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, restMs)));
    pauseMs = isKilling ? 10 : Math.min(pauseMs * 2, 50);
  }
}

/** A stopped process takes its signals only once it goes on. */
function hangUp(pid: number): void {
  signalProcess(pid, SIGHUP);
  signalProcess(pid, SIGTERM);
  signalProcess(pid, C.SIGCONT);
}

/** One process of the system's list. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Ended, and only waiting for its parent to take note. */
  readonly isZombie: boolean;
}

/** Without libc: what the last listing said of each process, as one listing is slow enough. */
let listed: ReadonlyMap<number, string> = new Map();

function listProcesses(): readonly ProcessEntry[] {
  if (!hasLibc()) {
    const entries = plain.listProcesses();
    listed = new Map(entries.map(({ pid, words }) => [pid, words]));
    return entries;
  }
  if (isDarwin) return darwin.listProcesses();
  const entries: ProcessEntry[] = [];
  for (const pid of linux.listPids()) {
    const stat = linux.readProcFile(`/proc/${pid}/stat`);
    // proc_pid_stat(5): "pid (name) state parent …"; the name may hold brackets and spaces itself.
    const [, state, parent] = /^.*\) (\S) (\d+)/s.exec(decoder.decode(stat)) ?? [];
    if (state === undefined) continue;
    entries.push({ pid, parent: Number(parent), isZombie: state === "Z" || state === "X" });
  }
  return entries;
}

const decoder = new TextDecoder();

function environmentOf(pid: number): string {
  if (!hasLibc()) return `\0${(listed.get(pid) ?? "").replaceAll(" ", "\0")}\0`;
  if (isDarwin) return darwin.readEnvironment(pid);
  return "\0" + decoder.decode(linux.readProcFile(`/proc/${pid}/environ`));
}

function hasVariable(pid: number, name: string): boolean {
  return environmentOf(pid).includes(`\0${name}=`);
}
