/**
 * Housekeeping at the start of a beat: old sessions and their prompts, leases of the dead, old runs,
 * what killed writers left.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere, sweepTemporaryFiles } from "../base/atomic_file.ts";
import { pruneRuns } from "../decide/run_folder.ts";
import { closeGone } from "../question/answer_question.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { reapSessions } from "../session/prune_sessions.ts";
import { listSessions } from "../session/registry.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { reapClaims } from "./claims.ts";

/** A temporary file this old belongs to nobody who still lives. */
const TEMPORARY_MS = 3_600_000;

/** Removes what has outlived its time. */
export async function keepHouse(context: BeatContext): Promise<void> {
  const { paths } = context.profile;
  const { sessionTtlMs, runsKeep } = context.settings.knobs;
  await reapSessions(paths.sessionsDir, sessionTtlMs, context.now().getTime());
  for (const { name, session } of reapClaims(paths.claimsDir, listSessions(paths.sessionsDir))) {
    tell(context, "claim_reaped", `the lease ${name} of ${session} is free again`);
  }
  await closeGone(paths.asksDir, isAliveIn(paths.sessionsDir), context.now());
  pruneRuns(paths.runsDir, runsKeep);
  prunePrompts(context);
  sweep(context);
}

/** Removes the prompts of workers whose folder has gone; a person's own files there stay. */
function prunePrompts({ profile: { paths } }: BeatContext): void {
  for (const name of namesIn(paths.promptsDir)) {
    const [, id] = /^(.+)\.md$/.exec(name) ?? [];
    // Whoever starts a worker makes its folder first.
    if (id === undefined || isThere(join(paths.sessionsDir, id))) continue;
    removeIfThere(join(paths.promptsDir, name));
  }
}

function sweep({ profile: { dataDir, paths } }: BeatContext): void {
  const { goalsDir, archiveDir, sensorsDir, journalDir, promptsDir, binDir, asksDir } = paths;
  const folders = [dataDir, goalsDir, archiveDir, sensorsDir, journalDir, promptsDir, binDir];
  for (const folder of [...folders, asksDir]) sweepTemporaryFiles(folder, TEMPORARY_MS);
}

function namesIn(dir: string): readonly string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name);
  } catch {
    return []; // Not there yet.
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
