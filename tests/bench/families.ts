/**
 * All families, in the order in which they run.
 *
 * @module
 */
import type { Family } from "./family.ts";
import { beats, edits } from "./families/beats.ts";
import { hashing } from "./families/hashing.ts";
import { idle } from "./families/idle.ts";
import { largeFleet } from "./families/large_fleet.ts";
import { longHistory } from "./families/long_history.ts";
import { output } from "./families/output.ts";
import { startSession } from "./families/start_session.ts";
import { fleet, startup } from "./families/startup.ts";
import { echo, expectReturn } from "./families/typing.ts";

export const FAMILIES: readonly Family[] = [
  startup,
  fleet,
  startSession,
  beats,
  edits,
  output,
  echo,
  expectReturn,
  idle,
  largeFleet,
  longHistory,
  hashing,
];
