/**
 * All verbs, in the order in which `looop --help` lists them.
 *
 * @module
 */
import type { Verb } from "./verb.ts";
import { superviseVerb } from "./verbs/supervise.ts";
import { version } from "./verbs/version.ts";

export const VERBS: readonly Verb[] = [version, superviseVerb];
