/**
 * What Linux alone offers: adopting orphans, and reading /proc. Deno guards /proc behind
 * `--allow-all`, so that it is read through libc.
 *
 * @module
 */
import { closeFd, openFd, readFd } from "./descriptors.ts";
import { copyFrom } from "./errno.ts";
import { cString, libcGroup } from "./load.ts";

const PR_SET_CHILD_SUBREAPER = 36; // linux/prctl.h

const symbols = {
  // Variadic in glibc's header; Linux passes such arguments in registers like any other.
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  opendir: { parameters: ["buffer"], result: "usize" },
  readdir: { parameters: ["usize"], result: "usize" },
  closedir: { parameters: ["usize"], result: "i32" },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "isize" },
} as const;

const libc = libcGroup(symbols);

/** Makes this process the parent of every orphan below it, so that a double fork hides nothing. */
export function adoptOrphans(): void {
  libc().prctl(PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n);
}

/** Lists the pids in /proc. */
export function listPids(): readonly number[] {
  const folder = BigInt(libc().opendir(cString("/proc")));
  if (folder === 0n) return [];
  const pids: number[] = [];
  for (;;) {
    const entry = BigInt(libc().readdir(folder));
    if (entry === 0n) break;
    // struct dirent on 64-bit Linux: inode 8, offset 8, length 2, type 1, then the name.
    const name = copyFrom(entry + 19n, 8);
    let pid = 0;
    for (const byte of name) {
      if (byte < 48 || byte > 57) {
        if (byte !== 0) pid = 0;
        break;
      }
      pid = pid * 10 + byte - 48;
    }
    if (pid > 0) pids.push(pid);
  }
  libc().closedir(folder);
  return pids;
}

/** Reads a whole file of /proc, or undefined when its process is gone or another user's. */
export function readProcFile(path: string): Uint8Array<ArrayBuffer> | undefined {
  const fd = openFd(path, "read");
  if (fd < 0) return undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const buffer = new Uint8Array(16384);
  for (;;) {
    const count = readFd(fd, buffer);
    if (count <= 0) break;
    parts.push(buffer.slice(0, count));
  }
  closeFd(fd);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Names the pipes that a process has as standard output and error: `pipe:[inode]`. */
export function readOutputPipes(pid: number): readonly string[] {
  const buffer = new Uint8Array(64);
  return [1, 2].flatMap((fd) => {
    const path = cString(`/proc/${pid}/fd/${fd}`);
    const length = Number(libc().readlink(path, buffer, BigInt(buffer.length)));
    const name = length > 0 ? new TextDecoder().decode(buffer.subarray(0, length)) : "";
    return name.startsWith("pipe:") ? [name] : [];
  });
}
