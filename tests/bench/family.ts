/**
 * A family of rows: what is measured together because it needs the same preparations.
 *
 * @module
 */
import type { Row } from "./row.ts";
import type { Setup } from "./setup.ts";

/** One file of `families/`. */
export interface Family {
  readonly name: string;
  /** The rows that it hands over, also when it fails: one that is not measured says why. */
  readonly rows: readonly string[];
  /** Left out unless it is asked for by name. */
  readonly isOnDemand?: boolean;
  readonly run: (setup: Setup) => Promise<readonly Row[]>;
}
