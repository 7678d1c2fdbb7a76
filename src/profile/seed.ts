/**
 * Fills a fresh data dir once: PLAYBOOK, goals, sensor, `.gitignore`, and a config where there is none.
 * Never overwrites anything.
 *
 * @module
 */
import { dirname, join, relative } from "node:path";
import { ensurePrivateDir, writeFileAtomic } from "../base/atomic_file.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { foldLine } from "../base/plain_text.ts";
import type { Environment } from "./environment.ts";
import { findProgram } from "./find_program.ts";
import { isSeeded, type Profile } from "./profile.ts";
import { SEED_CONFIG, SEED_FILES } from "./seed_texts.ts";

/** What seeding did. */
export interface Seeded {
  /** True when the data dir was fresh. */
  readonly isNew: boolean;
  /** Absolute paths that were written. */
  readonly wrote: readonly string[];
}

/**
 * Makes sure that the profile is there. Called by every verb that writes.
 *
 * @throws {LooopError} When the data dir cannot be made or is no folder.
 */
export function seedProfile(profile: Profile, env: Environment): Seeded {
  const wrote: string[] = [];
  const isNew = !isSeeded(profile);
  if (isNew) refuseForeignFolder(profile);
  try {
    // Also an existing data dir becomes private again: its files carry input and secrets.
    ensurePrivateDir(profile.dataDir, { mayBeLink: true });
    if (isNew) {
      for (const { path, text, mode } of SEED_FILES) {
        const target = join(profile.dataDir, path);
        ensurePrivateDir(dirname(target));
        // PLAYBOOK comes last: it is what tells a seeded profile from one that was interrupted.
        if (writeNew(target, text, mode)) wrote.push(target);
      }
    }
    const { goalsDir, sensorsDir, claimsDir, reportsDir, asksDir } = profile.paths;
    for (const dir of [goalsDir, sensorsDir, claimsDir, reportsDir, asksDir]) ensurePrivateDir(dir);
    if (isNew && seedConfig(profile, env)) wrote.push(profile.configPath);
  } catch (error) {
    if (error instanceof LooopError) throw error;
    throw new LooopError(`cannot create the profile ${profile.dataDir}: ${messageOf(error)}`, {
      hint: "check the folder's permissions, or set LOOOP_DATA_DIR",
      cause: error,
    });
  }
  return { isNew, wrote };
}

/** What may lie in a data dir before its first run: what a person prepares, and what a volume brings. */
const PREPARED = [".git", "looop.json", "lost+found", ".DS_Store"];

/**
 * Refuses to take over a folder that holds something else, since looop makes its own private and keeps
 * a history in it. What a first run left that was cut off is looop's.
 *
 * @throws {LooopError} Naming what is there.
 */
function refuseForeignFolder({ dataDir, paths }: Profile): void {
  const own = new Set([...PREPARED, ...SEED_FILES.map(({ path }) => path.split("/")[0]!)]);
  for (const path of Object.values(paths)) own.add(relative(dataDir, path).split("/")[0]!);
  const foreign = namesIn(dataDir).filter((name) => !own.has(name) && !name.startsWith(".tmp-"));
  if (foreign.length === 0) return;
  const some = foreign.sort().slice(0, 3).map(foldLine).join(", ");
  throw new LooopError(`${dataDir} is no profile: it holds ${some}`, {
    hint: "set LOOOP_DATA_DIR to a folder that is looop's alone; a new one will do",
  });
}

function namesIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name);
  } catch {
    return []; // Not there yet, or not readable: making it says why.
  }
}

/** Writes the config of the first run; where only one known agent is installed, that one is the default. */
function seedConfig({ configPath }: Profile, env: Environment): boolean {
  const hasPi = findProgram("pi", env) !== undefined;
  const hasClaude = findProgram("claude", env) !== undefined;
  const name = hasClaude && !hasPi ? "claude" : "pi";
  Deno.mkdirSync(dirname(configPath), { recursive: true, mode: 0o700 });
  return writeNew(configPath, SEED_CONFIG.replace("{{default}}", name), 0o600);
}

/** Writes a file unless something of that name is there, a dangling link included. */
function writeNew(path: string, text: string, mode: number): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  writeFileAtomic(path, text, { mode });
  return true;
}
