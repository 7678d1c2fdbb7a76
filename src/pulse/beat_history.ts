/**
 * The beat's side of the git history: whatever git does, it is a warning and never a failed beat.
 *
 * @module
 */
import type { HistoryResult } from "../log/history.ts";
import { type BeatContext, tell } from "./beat_context.ts";

/** Commits what a person changed, as theirs. */
export async function commitHumanEdits(context: BeatContext, subject?: string): Promise<void> {
  const result = await context.history.commitHumanEdits(subject);
  warn(context, result);
  if (result.isCommitted) {
    tell(context, "human_edits", `edited by hand: ${result.files.join(", ")}`, {
      fields: { files: result.files },
    });
  }
}

/** Commits what a move changed; the subject is the journal line. */
export async function commitMove(context: BeatContext, line: string): Promise<void> {
  warn(
    context,
    await context.history.commitMove(line.replace(/^- \d{4}-\d\d-\d\d \d\d:\d\d /, "")),
  );
}

function warn(context: BeatContext, { warning }: HistoryResult): void {
  if (warning !== undefined) tell(context, "warning", warning, { level: "warn" });
}
