/**
 * Whether anybody still waits for an answer.
 *
 * @module
 */
import type { Question } from "./question.ts";

/** Tells whether a session's incarnation still lives. */
export type IsAlive = (session: string, incarnation: string) => boolean;

/** Tells whether a worker's question has nobody left who waits for it. */
export function isGone({ kind, session, incarnation }: Question, isAlive: IsAlive): boolean {
  return kind === "worker" && incarnation !== null && !isAlive(session, incarnation);
}
