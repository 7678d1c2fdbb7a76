/**
 * What one check of `looop doctor` found.
 *
 * @module
 */

/** One finding. `fail` keeps looop from working, `warn` takes something away. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  /** What was found. */
  readonly found: string;
  /** What to do; empty where nothing needs doing. */
  readonly mend: string;
}

/** Makes a finding that needs nothing. */
export function fine(name: string, found: string): Check {
  return { name, state: "ok", found, mend: "" };
}

/** Makes a finding that takes something away. */
export function warning(name: string, found: string, mend: string): Check {
  return { name, state: "warn", found, mend };
}

/** Makes a finding that keeps looop from working. */
export function failure(name: string, found: string, mend: string): Check {
  return { name, state: "fail", found, mend };
}
