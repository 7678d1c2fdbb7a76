/**
 * Checks of the profile: config, data dir, disk. Creates nothing that stays.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { removeIfThere } from "../../base/atomic_file.ts";
import { LooopError, messageOf } from "../../base/errors.ts";
import { tryLock } from "../../base/file_lock.ts";
import type { Environment } from "../../profile/environment.ts";
import { isSeeded, type Profile } from "../../profile/profile.ts";
import { quoteForShell } from "../../profile/runners.ts";
import { loadSettings, type Settings } from "../../pulse/beat_context.ts";
import { type Check, failure, fine, warning } from "./check.ts";

/** Free space below which looop will soon fail, and below which it is worth a word. */
const LITTLE_SPACE_MIB = { fail: 16, warn: 256 } as const;

/** Checks config and environment; returns the settings where they can be read. */
export function checkConfig(
  profile: Profile,
  env: Environment,
): { readonly checks: readonly Check[]; readonly settings: Settings | undefined } {
  const { configPath } = profile;
  try {
    const settings = loadSettings(profile, env);
    const checks = settings.warnings.map((text) => warning("config", text, "mend or remove it"));
    if (checks.length > 0) return { checks, settings };
    const found = exists(configPath)
      ? configPath
      : `${configPath} is not there yet: the defaults hold`;
    return { checks: [fine("config", found)], settings };
  } catch (error) {
    const hint = error instanceof LooopError ? error.hint : "";
    return { checks: [failure("config", messageOf(error), hint)], settings: undefined };
  }
}

/** Checks that the config's own rules for the gate can be used. */
export async function checkGate(profile: Profile, settings: Settings, env: Environment) {
  const { gateRules } = await import("../../pulse/act_context.ts");
  try {
    const { defaults, patterns } = gateRules({ profile, settings, env });
    return fine("gate", `${defaults.length} built-in rules, ${patterns.length} of your own`);
  } catch (error) {
    return failure("gate", messageOf(error), error instanceof LooopError ? error.hint : "");
  }
}

/** Checks that the data dir is private, can be written and locked; one that is missing could be made. */
export function checkDataDir(profile: Profile): readonly Check[] {
  const { dataDir } = profile;
  const mend = "mend its owner or rights, or set LOOOP_DATA_DIR";
  if (!exists(dataDir)) {
    const parent = nearestExisting(dataDir);
    return [
      isWritable(parent)
        ? fine("data dir", `${dataDir} is not there yet; \`looop\` creates it`)
        : failure("data dir", `${dataDir} cannot be created in ${parent}`, mend),
    ];
  }
  const info = Deno.statSync(dataDir);
  if (!info.isDirectory) return [failure("data dir", `${dataDir} is no folder`, mend)];
  const checks: Check[] = [];
  const openTo = (info.mode ?? 0) & 0o077;
  if (openTo !== 0) {
    checks.push(
      warning(
        "data dir",
        `${dataDir} is open to other users`,
        `chmod 700 ${quoteForShell(dataDir)}`,
      ),
    );
  }
  const probe = join(dataDir, `.tmp-doctor-${Deno.pid}`);
  try {
    const lock = tryLock(probe);
    lock?.release();
    if (!lock) {
      checks.push(failure("data dir", "files in it cannot be locked", "put it on a local disk"));
    }
  } catch (error) {
    checks.push(failure("data dir", `${dataDir} cannot be written: ${messageOf(error)}`, mend));
  } finally {
    removeIfThere(probe);
  }
  if (checks.length > 0) return checks;
  return [fine("data dir", isSeeded(profile) ? dataDir : `${dataDir}, not seeded yet`)];
}

/** Checks that there is room on the data dir's disk. */
export function checkDisk(profile: Profile): Check {
  const freeMib = readFreeMib(nearestExisting(profile.dataDir));
  if (!Number.isFinite(freeMib)) {
    return warning("disk", "df does not tell the free space", "look at `df -h`");
  }
  const found = `${freeMib} MiB free`;
  const mend = "make room: a full disk fails every beat, though no file is left half-written";
  if (freeMib < LITTLE_SPACE_MIB.fail) return failure("disk", found, mend);
  return freeMib < LITTLE_SPACE_MIB.warn ? warning("disk", found, mend) : fine("disk", found);
}

/** Asks df(1), whose `-Pk` output is the same on every system. Not a number where it does not tell. */
function readFreeMib(dir: string): number {
  try {
    const { stdout } = new Deno.Command("df", { args: ["-Pk", dir], stderr: "null" }).outputSync();
    const [, row = ""] = new TextDecoder().decode(stdout).trim().split("\n");
    return Math.floor(Number(row.split(/\s+/)[3]) / 1024);
  } catch {
    return NaN; // No df here.
  }
}

function nearestExisting(path: string): string {
  let at = path;
  while (!exists(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false; // Not there, or behind a folder that may not be entered.
  }
}

function isWritable(dir: string): boolean {
  const { success } = new Deno.Command("/bin/sh", {
    args: ["-c", 'test -d "$0" && test -w "$0" && test -x "$0"', dir],
  }).outputSync();
  return success;
}
