/**
 * The form of a request on the control FIFO. Loaded with the first request, not with the supervisor.
 *
 * @module
 */
import * as z from "zod/mini";

/** A name of a file in the session's folder: no slash, no dot in front. */
const fileName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/));

const controlRequest = z.looseObject({
  op: z.string(),
  /** The FIFO, in the session's folder, on which the client waits. */
  reply: fileName,
  /** `input`: base64. */
  bytes: z.optional(z.string()),
  /** `input`: a file in the session's folder that holds the bytes; removed once read. */
  file: z.optional(fileName),
  wait: z.optional(z.enum(["read", "written"])),
  timeout_ms: z.optional(z.number()),
  cols: z.optional(z.number()),
  rows: z.optional(z.number()),
  /** `attach`: the FIFOs of the terminal, and who sits at it. */
  input: z.optional(fileName),
  output: z.optional(fileName),
  who: z.optional(z.string()),
});

/** One request. */
export type ControlRequest = z.infer<typeof controlRequest>;

/** Reads one line; undefined when it is no request. */
export function parseControlRequest(line: string): ControlRequest | undefined {
  try {
    return controlRequest.parse(JSON.parse(line));
  } catch {
    return undefined; // Whoever wrote it, nobody can be answered.
  }
}
