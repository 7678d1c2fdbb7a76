/**
 * Tells the pulse of a profile that something has changed.
 *
 * @module
 */
import { closeFd, openFd, writeFd } from "../libc/descriptors.ts";

/** The byte that wakes the pulse; any other only makes it look at its descriptors anew. */
export const WAKE_BYTE = 1;

/**
 * Wakes the pulse, if there is one: the next beat begins at once.
 *
 * @param wakePath The profile's `.wake`.
 */
export function pokePulse(wakePath: string): void {
  const fd = openFd(wakePath, "write");
  if (fd < 0) return; // Nobody listens: the next beat sees the world as it is.
  writeFd(fd, new Uint8Array([WAKE_BYTE]));
  closeFd(fd);
}
