/**
 * What a vanished supervisor left running. Its terminal hung up on the command when it died, which
 * ends most programs; whatever ignored that is found by its environment.
 *
 * @module
 */
import { endTree } from "../libc/process_tree.ts";
import { SESSION_MARK_VARIABLE, SUPERVISOR_VARIABLE } from "./environment.ts";
import type { Session } from "./registry.ts";

/**
 * Ends what is left of a dead session.
 *
 * @returns Whether nothing is left.
 */
export async function endLeftovers(session: Session): Promise<boolean> {
  if (session.state !== "dead") return true;
  const mark = `${SESSION_MARK_VARIABLE}=${session.record.incarnation}`;
  return await endTree(
    { mark, exceptVariable: SUPERVISOR_VARIABLE },
    { graceMs: 3000, limitMs: 4800 },
  );
}
