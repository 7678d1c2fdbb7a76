/**
 * What a session's command finds in its environment.
 *
 * @module
 */

/** Names the session a process belongs to. */
export const SESSION_ID_VARIABLE = "LOOOP_SESSION_ID";
/** Names the very incarnation, so that what a vanished supervisor left behind can be found. */
export const SESSION_MARK_VARIABLE = "LOOOP_SESSION_MARK";
/** Set for supervisors: they belong to no other session, even when one of its processes made them. */
export const SUPERVISOR_VARIABLE = "LOOOP_SUPERVISOR";

/** Set for what a beat runs under a time limit; a session outlives whoever started it. */
const CHILD_MARK_VARIABLE = "LOOOP_CHILD_MARK";

/** What another terminal left behind and what would be untrue in this one. */
const FOREIGN = ["TMUX", "TMUX_PANE", "STY", "TERM_PROGRAM", "COLUMNS", "LINES"] as const;

/** Returns the environment of a session's command. */
export function sessionEnvironment(
  base: Readonly<Record<string, string>>,
  session: { readonly id: string; readonly incarnation: string },
): Record<string, string> {
  const env: Record<string, string> = { ...base };
  for (const name of [...FOREIGN, SUPERVISOR_VARIABLE, CHILD_MARK_VARIABLE]) delete env[name];
  env["TERM"] = "xterm-256color";
  env[SESSION_ID_VARIABLE] = session.id;
  env[SESSION_MARK_VARIABLE] = session.incarnation;
  return env;
}

/** Returns the environment of a supervisor: the starter's, without a claim on it by its session. */
export function supervisorEnvironment(base: Readonly<Record<string, string>>) {
  const env: Record<string, string> = { ...base };
  delete env[SESSION_ID_VARIABLE];
  delete env[SESSION_MARK_VARIABLE];
  delete env[CHILD_MARK_VARIABLE];
  env[SUPERVISOR_VARIABLE] = "1";
  return env;
}
