/**
 * Waiting for answers without asking again and again: each waiter has a FIFO in the folder, and
 * whoever answers writes one byte into it. A FIFO that nobody reads is removed by the next answer.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import { LooopError } from "../base/errors.ts";
import { ENXIO, POLLIN } from "../libc/constants.ts";
import { closeFd, makeFifo, openFd, pollFds, readFd, writeFd } from "../libc/descriptors.ts";

const PREFIX = ".wake-";
/** Hears of every answer. */
const ANY = "any";
/** A safety net only, for an answerer that was killed between its answer and the wake. */
const NET_MS = 2000;

/** A temporary file this old belongs to nobody who still lives. */
const CUT_OFF_MS = 3_600_000;

/** A place where the byte arrives. */
export interface Waiter extends Disposable {
  /**
   * Waits until it is time to look again.
   *
   * @param deadline On the clock of `performance.now()`.
   */
  wait(deadline: number): Promise<void>;
}

/**
 * Makes a waiter. Look at the files after this and before each wait: nothing is missed then.
 *
 * @param about A question's id, or left out for all of them. The folder exists.
 */
export function makeWaiter(asksDir: string, about: string = ANY): Waiter {
  let path = "";
  let fd = -1;
  // A sweep may take a FIFO that has no reader yet for one whose reader died: then once more.
  for (let attempt = 0; attempt < 5 && fd < 0; attempt++) {
    path = join(asksDir, `${PREFIX}${about}-${crypto.randomUUID()}`);
    const made = makeFifo(path);
    // Read and write: it never sees an end between two writers.
    fd = made < 0 ? made : openFd(path, "readwrite");
  }
  if (fd < 0) throw new LooopError(`cannot make a FIFO in ${asksDir}: error ${-fd}`);
  const buffer = new Uint8Array(64);
  return {
    async wait(deadline) {
      const leftMs = Math.max(0, Math.min(deadline - performance.now(), NET_MS));
      await pollFds([{ fd, events: POLLIN }], leftMs);
      while (readFd(fd, buffer) === buffer.length);
    },
    [Symbol.dispose]() {
      closeFd(fd);
      removeIfThere(path);
    },
  };
}

/** Wakes those who wait for this question or for any. */
export function wakeWaiters(asksDir: string, id: string): void {
  for (const name of namesWith(PREFIX, asksDir)) {
    const isMeant = name.startsWith(`${PREFIX}${id}-`) || name.startsWith(`${PREFIX}${ANY}-`);
    if (isMeant) touch(join(asksDir, name), new Uint8Array([1]));
  }
}

/** Removes the FIFOs of waiters that died, and what is left of writes that were cut off. */
export function sweepWaiters(asksDir: string): void {
  for (const name of namesWith(PREFIX, asksDir)) touch(join(asksDir, name), new Uint8Array());
  for (const name of namesWith(".tmp-", asksDir)) {
    const path = join(asksDir, name);
    if (Date.now() - writtenMs(path) > CUT_OFF_MS) removeIfThere(path);
  }
}

function touch(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  const fd = openFd(path, "write");
  if (fd === -ENXIO) removeIfThere(path); // Nobody reads it.
  if (fd < 0) return;
  if (bytes.length > 0) writeFd(fd, bytes);
  closeFd(fd);
}

function namesWith(prefix: string, asksDir: string): readonly string[] {
  try {
    return [...Deno.readDirSync(asksDir)].map(({ name }) => name)
      .filter((name) => name.startsWith(prefix));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function writtenMs(path: string): number {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? Date.now();
  } catch {
    return Date.now(); // It was renamed meanwhile: its writer lives.
  }
}
