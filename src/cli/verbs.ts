/**
 * All verbs, in the order in which `looop --help` lists them.
 *
 * @module
 */
import type { Verb } from "./verb.ts";
import { cost_ } from "./verbs/_cost.ts";
import { fmt } from "./verbs/_fmt.ts";
import { cost } from "./verbs/cost.ts";
import { journal } from "./verbs/journal.ts";
import { status } from "./verbs/status.ts";
import { supervise } from "./verbs/_supervise.ts";
import { tick } from "./verbs/tick.ts";
import { version } from "./verbs/version.ts";

export const VERBS: readonly Verb[] = [
  tick,
  status,
  journal,
  cost,
  version,
  cost_,
  fmt,
  supervise,
];
