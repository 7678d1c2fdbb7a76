/**
 * The environment as looop reads it. Handed in wherever a decision depends on it.
 *
 * @module
 */

/** Environment variables by name; an empty one counts as unset. */
export type Environment = (name: string) => string | undefined;

/** Reads the real environment. */
export const realEnvironment: Environment = (name) => Deno.env.get(name) || undefined;

/**
 * Names the variable that marks what a process runs inside of. A session is marked by its own
 * `LOOOP_SESSION_ID`; these are the other children that looop starts.
 */
export const INSIDE_MARK = "LOOOP_INSIDE";

/** What a child of looop can be, besides a session. */
export type InsideMark = "sensor" | "runner" | "run_shell";

/** Names the variable that tells a worker who it is. */
export const SESSION_MARK = "LOOOP_SESSION_ID";
