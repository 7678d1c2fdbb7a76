/**
 * `session.json`: what a session is; and the spec: what its supervisor shall start.
 *
 * @module
 */
import { readTextIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import * as s from "../base/shape.ts";

const sessionRecord = s.objectWith({
  id: s.text,
  /** Random; new for each start, so that nothing meant for the last one reaches this one. */
  incarnation: s.text,
  command: s.listOf(s.text),
  /** What a restart runs instead. */
  restart_command: s.withDefault(s.orNull(s.listOf(s.text)), null),
  cwd: s.text,
  cols: s.number,
  rows: s.number,
  state: s.oneOf("starting", "running", "exited", "killed"),
  pid: s.orNull(s.number),
  supervisor_pid: s.orNull(s.number),
  exit_code: s.orNull(s.number),
  /** Number of the signal that ended the command. */
  signal: s.orNull(s.number),
  started_at: s.number,
  ended_at: s.orNull(s.number),
  backend: s.oneOf("libc", "script"),
  /** Bytes of output that were not recorded because the disk was full. */
  lost_bytes: s.withDefault(s.number, 0),
  /** Why the command could not be started, where it could not. */
  failure: s.optional(s.text),
});

/** What `session.json` holds. */
export type SessionRecord = s.ValueOf<typeof sessionRecord>;

/** Reads a session's record; undefined where there is none that can be read. */
export function readRecord(path: string): SessionRecord | undefined {
  try {
    const text = readTextIfThere(path);
    if (text === undefined) return undefined;
    return s.check(sessionRecord, JSON.parse(text));
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

const supervisorSpec = s.objectWith({
  /** The session's folder. */
  dir: s.text,
  id: s.text,
  incarnation: s.text,
  command: s.where(s.listOf(s.text), (words) => (words.length > 0 ? undefined : "write a command")),
  restart_command: s.orNull(s.listOf(s.text)),
  cwd: s.text,
  env: s.mapOf(s.text),
  cols: s.number,
  rows: s.number,
  log_max_bytes: s.number,
  backend: s.oneOf("auto", "libc", "script"),
  /** Name of the FIFO in the folder on which the starter waits. */
  reply: s.text,
});

/** What a supervisor is told on its standard input. */
export type SupervisorSpec = s.ValueOf<typeof supervisorSpec>;

/** Reads a spec; undefined for half of one, whose writer is gone, and for none at all. */
export function parseSpec(text: string): SupervisorSpec | undefined {
  try {
    return s.check(supervisorSpec, JSON.parse(text));
  } catch {
    return undefined; // Only looop writes it: what cannot be read was cut off.
  }
}

/** Writes a spec; no part of it reads as a whole one. */
export function formatSpec(spec: SupervisorSpec): string {
  return JSON.stringify(spec);
}
