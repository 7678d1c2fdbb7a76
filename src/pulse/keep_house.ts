/**
 * Housekeeping at the start of a beat: old sessions, leases of the dead, old runs.
 *
 * @module
 */
import { pruneRuns } from "../decide/run_folder.ts";
import { closeGone } from "../question/answer_question.ts";
import { isAliveIn } from "../question/asker_alive.ts";
import { reapSessions } from "../session/prune_sessions.ts";
import { listSessions } from "../session/registry.ts";
import { type BeatContext, tell } from "./beat_context.ts";
import { reapClaims } from "./claims.ts";

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
}
