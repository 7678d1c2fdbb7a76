/**
 * `session.json` and `spec.json`: what a session is, and what its supervisor shall start.
 *
 * @module
 */
import * as z from "zod/mini";
import { readTextIfThere, writeFileAtomic } from "../base/atomic_file.ts";

const sessionRecord = z.object({
  id: z.string(),
  /** Random; new for each start, so that nothing meant for the last one reaches this one. */
  incarnation: z.string(),
  command: z.array(z.string()),
  /** What a restart runs instead. */
  restart_command: z._default(z.nullable(z.array(z.string())), null),
  cwd: z.string(),
  cols: z.number(),
  rows: z.number(),
  state: z.enum(["starting", "running", "exited", "killed"]),
  pid: z.nullable(z.number()),
  supervisor_pid: z.nullable(z.number()),
  exit_code: z.nullable(z.number()),
  /** Number of the signal that ended the command. */
  signal: z.nullable(z.number()),
  started_at: z.number(),
  ended_at: z.nullable(z.number()),
  backend: z.enum(["libc", "script"]),
  /** Bytes of output that were not recorded because the disk was full. */
  lost_bytes: z._default(z.number(), 0),
  /** Why the command could not be started, where it could not. */
  failure: z.optional(z.string()),
});

/** What `session.json` holds. */
export type SessionRecord = z.infer<typeof sessionRecord>;

/** Reads a session's record; undefined where there is none that can be read. */
export function readRecord(path: string): SessionRecord | undefined {
  try {
    const text = readTextIfThere(path);
    if (text === undefined) return undefined;
    return sessionRecord.parse(JSON.parse(text));
  } catch {
    return undefined; // Not written by a supervisor: not a session.
  }
}

/** Replaces a session's record. On a full disk it is written over in place, which takes no room. */
export function writeRecord(path: string, record: SessionRecord): void {
  const text = JSON.stringify(record) + "\n";
  try {
    writeFileAtomic(path, text, { flush: false });
  } catch {
    overwrite(path, text);
  }
}

/** Writes over a file without making it shorter: its blocks are there already. */
function overwrite(path: string, text: string): void {
  const file = Deno.openSync(path, { write: true });
  try {
    const length = Math.max(file.statSync().size, new TextEncoder().encode(text).length);
    const bytes = new Uint8Array(length).fill(0x20);
    new TextEncoder().encodeInto(text, bytes);
    for (let at = 0; at < length;) at += file.writeSync(bytes.subarray(at));
  } finally {
    file.close();
  }
}

const supervisorSpec = z.object({
  id: z.string(),
  incarnation: z.string(),
  command: z.array(z.string()).check(z.minLength(1)),
  restart_command: z.nullable(z.array(z.string())),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  cols: z.number(),
  rows: z.number(),
  log_max_bytes: z.number(),
  backend: z.enum(["auto", "libc", "script"]),
  /** Name of the FIFO in the folder on which the starter waits. */
  reply: z.string(),
});

/** What `spec.json` holds. */
export type SupervisorSpec = z.infer<typeof supervisorSpec>;

/** Reads and removes `spec.json`: it holds an environment, and with it secrets. */
export function takeSpec(path: string): SupervisorSpec {
  const text = Deno.readTextFileSync(path);
  Deno.removeSync(path);
  return supervisorSpec.parse(JSON.parse(text));
}

/** Writes `spec.json`. */
export function writeSpec(path: string, spec: SupervisorSpec): void {
  writeFileAtomic(path, JSON.stringify(spec), { flush: false });
}
