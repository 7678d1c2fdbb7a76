/**
 * The environment of everything that looop starts.
 *
 * @module
 */
import type { InsideMark } from "./environment.ts";
import { INSIDE_MARK } from "./environment.ts";
import type { Profile } from "./profile.ts";

/**
 * Returns the variables that a child gets on top of this process's own.
 *
 * @param looopBin One executable path that runs looop.
 * @param inside What the child is, unless it is a session (which carries its own mark).
 */
export function childEnv(
  profile: Profile,
  looopBin: string,
  inside?: InsideMark,
): Readonly<Record<string, string>> {
  return {
    LOOOP_BIN: looopBin,
    LOOOP_DATA_DIR: profile.dataDir,
    LOOOP_CONFIG: profile.configPath,
    LOOOP_CLAIMS_DIR: profile.paths.claimsDir,
    LOOOP_REPORTS_DIR: profile.paths.reportsDir,
    LOOOP_COST_LEDGER: profile.paths.costLedger,
    ...(inside === undefined ? {} : { [INSIDE_MARK]: inside }),
  };
}
