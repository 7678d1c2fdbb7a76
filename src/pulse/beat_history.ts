/**
 * The beat's side of the git history: whatever git does, it is a warning and never a failed beat.
 *
 * @module
 */
import type { HistoryResult } from "../log/history.ts";
import { basename } from "node:path";
import type { Move } from "../act/moves.ts";
import type { ProfilePaths } from "../profile/profile.ts";
import { type BeatContext, tell } from "./beat_context.ts";

/**
 * Commits what a person changed, as theirs.
 *
 * @param options `subject` of the commit; `hasBegunLine` where a journal line of looop's may stand
 *   there by half, so that the journal is not a person's.
 */
export async function commitHumanEdits(
  context: BeatContext,
  { subject, hasBegunLine = false }: {
    readonly subject?: string;
    readonly hasBegunLine?: boolean;
  } = {},
): Promise<void> {
  const isTheirs = (path: string) => !(hasBegunLine && path.startsWith("journal"));
  const result = await context.history.commitHumanEdits(subject, isTheirs);
  warn(context, result);
  if (result.isCommitted) {
    tell(context, "human_edits", `edited by hand: ${result.files.join(", ")}`, {
      fields: { files: result.files },
    });
  }
}

/**
 * Commits what a move changed; the subject is the journal line. What a person edits at the same moment
 * is not the move's: it waits for the next beat.
 *
 * @param move Left out where nothing but the journal changed.
 */
export async function commitMove(context: BeatContext, line: string, move?: Move): Promise<void> {
  const files = filesOf(context.profile.paths, move);
  warn(context, await context.history.commitMove(line, files));
}

/** Names the files that a move may have changed; undefined where it may have been any. */
function filesOf(paths: ProfilePaths, move: Move | undefined): readonly string[] | undefined {
  const journal = [
    "journal.md",
    ...namesIn(paths.journalDir).map((name) => `journal/${name}`),
  ];
  switch (move?.action) {
    case "run_shell":
      return undefined;
    case "write_playbook":
      return [...journal, basename(paths.playbook)];
    case "write_sensor":
      return [...journal, `sensors/${move.name}.sh`];
    case "write_goal":
      return [...journal, `goals/${move.id}.md`];
    case "archive_goal": {
      const archived = namesIn(paths.archiveDir).filter((name) =>
        name === `${move.id}.md` || name.startsWith(`${move.id}.`)
      );
      return [
        ...journal,
        `goals/${move.id}.md`,
        ...archived.map((name) => `goals/archive/${name}`),
      ];
    }
    default:
      return journal;
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name);
  } catch {
    return []; // Not there yet.
  }
}

function warn(context: BeatContext, { warning }: HistoryResult): void {
  if (warning !== undefined) tell(context, "warning", warning, { level: "warn" });
}
