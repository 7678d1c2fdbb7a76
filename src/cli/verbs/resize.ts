/**
 * `looop resize`.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { textArgument } from "../params.ts";
import { refusePulse, sessionsDirOf } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

/** A terminal's size. */
interface Size {
  readonly cols: number;
  readonly rows: number;
}

export const resize = defineVerb<NoFlags, [string, Size]>({
  name: "resize",
  group: "workers",
  brief: "Set a worker's terminal size",
  example: "looop resize fix-ci 160x50",
  completes: "session",
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        textArgument("id", "The session's id"),
        { brief: "Columns and rows, such as 160x50", parse: parseSize, placeholder: "COLSxROWS" },
      ],
    },
  },
  async run(_flags, id, { cols, rows }) {
    refusePulse(id);
    const { resizeSession } = await import("../../session/end_session.ts");
    await resizeSession(await sessionsDirOf(this), id, cols, rows);
  },
});

/** Reads a size of 1 to 1000 columns and rows. */
function parseSize(text: string): Size {
  const [, cols, rows] = /^(\d{1,4})[xX](\d{1,4})$/.exec(text) ?? [];
  const size = { cols: Number(cols), rows: Number(rows) };
  const isInRange = [size.cols, size.rows].every((count) => count >= 1 && count <= 1000);
  if (isInRange) return size;
  throw new UsageError(`Cannot read size "${text}"`, "Write columns x rows, such as 120x40");
}
