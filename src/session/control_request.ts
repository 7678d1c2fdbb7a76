/**
 * The form of a request on the control FIFO. Loaded with the first request, not with the supervisor.
 *
 * @module
 */
import * as s from "../base/shape.ts";

/** A name of a file in the session's folder: no slash, no dot in front. */
const fileName = s.where(
  s.text,
  (name) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/.test(name) ? undefined : "write a file's name"),
);

const controlRequest = s.objectWith({
  op: s.text,
  /** The FIFO, in the session's folder, on which the client waits. */
  reply: fileName,
  /** `input`: base64. */
  bytes: s.optional(s.text),
  /** `input`: a file in the session's folder that holds the bytes; removed once read. */
  file: s.optional(fileName),
  wait: s.optional(s.oneOf("read", "written")),
  timeout_ms: s.optional(s.number),
  cols: s.optional(s.number),
  rows: s.optional(s.number),
  /** `attach`: the FIFOs of the terminal, and who sits at it. */
  input: s.optional(fileName),
  output: s.optional(fileName),
  who: s.optional(s.text),
});

/** One request. */
export type ControlRequest = s.ValueOf<typeof controlRequest>;

/** Reads one line; undefined when it is no request. */
export function parseControlRequest(line: string): ControlRequest | undefined {
  try {
    return s.check(controlRequest, JSON.parse(line));
  } catch {
    return undefined; // Whoever wrote it, nobody can be answered.
  }
}
