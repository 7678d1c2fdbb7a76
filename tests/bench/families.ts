/**
 * All families, in the order in which they run.
 *
 * @module
 */
import type { Family } from "./family.ts";
import { beats, edits } from "./families/beats.ts";
import { hashing } from "./families/hashing.ts";
import { startSession } from "./families/start_session.ts";
import { fleet, startup } from "./families/startup.ts";

export const FAMILIES: readonly Family[] = [
  startup,
  fleet,
  startSession,
  beats,
  edits,
  hashing,
];
