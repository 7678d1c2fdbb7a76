/**
 * The process list and environments on macOS, where there is no /proc. Written from the headers
 * (xnu bsd/sys/proc_info.h, sysctl.h); untested on hardware, and everything that goes wrong counts
 * as "no such process".
 *
 * @module
 */
import { libcGroup } from "./load.ts";

const PROC_PIDTBSDINFO = 3; // proc_info.h
const BSDINFO_BYTES = 136; // sizeof(struct proc_bsdinfo)
const SZOMB = 5; // sys/proc.h
const CTL_KERN = 1; // sysctl.h
const KERN_PROCARGS2 = 49;

const symbols = {
  proc_listallpids: { parameters: ["buffer", "i32"], result: "i32" },
  proc_pidinfo: { parameters: ["i32", "i32", "u64", "buffer", "i32"], result: "i32" },
  sysctl: {
    parameters: ["buffer", "u32", "buffer", "buffer", "usize", "usize"],
    result: "i32",
  },
} as const;

const libc = libcGroup(symbols);

/** Lists all processes that this user may see. */
export function listProcesses(): { pid: number; parent: number; isZombie: boolean }[] {
  const pids = new Uint8Array(4 * 16384);
  const count = libc().proc_listallpids(pids, pids.length);
  const view = new DataView(pids.buffer);
  const entries = [];
  for (let i = 0; i < count; i++) {
    const pid = view.getInt32(i * 4, true);
    const info = new Uint8Array(BSDINFO_BYTES);
    const length = libc().proc_pidinfo(pid, PROC_PIDTBSDINFO, 0n, info, BSDINFO_BYTES);
    if (length < BSDINFO_BYTES) continue;
    // struct proc_bsdinfo {u32 flags, status, xstatus, pid, ppid, …}
    const fields = new DataView(info.buffer);
    const isZombie = fields.getUint32(4, true) === SZOMB;
    entries.push({ pid, parent: fields.getUint32(16, true), isZombie });
  }
  return entries;
}

/** Returns arguments and environment of a process, NUL-separated; empty where it may not be read. */
export function readEnvironment(pid: number): string {
  const name = new Uint8Array(new Int32Array([CTL_KERN, KERN_PROCARGS2, pid]).buffer);
  const bytes = new Uint8Array(1024 * 1024); // ARG_MAX
  const length = new BigUint64Array([BigInt(bytes.length)]);
  const size = new Uint8Array(length.buffer);
  if (libc().sysctl(name, 3, bytes, size, 0n, 0n) !== 0) return "";
  return new TextDecoder().decode(bytes.subarray(4, Number(length[0]))) + "\0";
}
