/**
 * A profile: one data dir with its paths, and where its config lies. Finds, never creates.
 *
 * @module
 */
import { join, relative, resolve } from "node:path";
import { LooopError, messageOf } from "../base/errors.ts";
import { foldLine } from "../base/plain_text.ts";
import type { Environment } from "./environment.ts";

/** Where everything of a profile lies; all paths are absolute. */
export interface ProfilePaths {
  readonly playbook: string;
  readonly goalsDir: string;
  readonly archiveDir: string;
  readonly sensorsDir: string;
  readonly journal: string;
  readonly journalDir: string;
  readonly asksDir: string;
  readonly intent: string;
  /** There while a beat is under way. */
  readonly beat: string;
  readonly costLedger: string;
  readonly claimsDir: string;
  readonly reportsDir: string;
  readonly tickDir: string;
  readonly snapshotsDir: string;
  readonly promptsDir: string;
  readonly runsDir: string;
  readonly sessionsDir: string;
  readonly lock: string;
  readonly lastTickHash: string;
  readonly lastWorld: string;
  readonly tickBackoff: string;
  readonly decides: string;
  readonly nextInterval: string;
  /** There while the pulse sleeps. */
  readonly nextBeat: string;
  /** Where anyone may wake the pulse. */
  readonly wake: string;
  /** Held by the foreground that owns the pulse. */
  readonly foreground: string;
  readonly tickLog: string;
  readonly events: string;
  /** The launcher behind `LOOOP_BIN` where looop is not one binary. */
  readonly binDir: string;
}

/** One data dir and its config file. */
export interface Profile {
  readonly dataDir: string;
  readonly configPath: string;
  readonly paths: ProfilePaths;
}

/**
 * Finds the profile that the environment names. Touches nothing on disk but to see whether
 * `<data>/looop.json` is there.
 *
 * @throws {LooopError} When neither `LOOOP_DATA_DIR` nor a home is known.
 */
export function openProfile(env: Environment): Profile {
  const dataDir = resolve(
    env("LOOOP_DATA_DIR") ??
      join(env("XDG_STATE_HOME") ?? join(home(env), ".local/state"), "looop"),
  );
  return { dataDir, configPath: findConfigPath(env, dataDir), paths: profilePaths(dataDir) };
}

function findConfigPath(env: Environment, dataDir: string): string {
  const named = env("LOOOP_CONFIG");
  if (named !== undefined) return resolve(named);
  const own = join(dataDir, "looop.json");
  if (isFile(own)) return own;
  // A profile without a home to speak of keeps its config with itself.
  if (env("XDG_CONFIG_HOME") === undefined && env("HOME") === undefined) return own;
  return join(env("XDG_CONFIG_HOME") ?? join(home(env), ".config"), "looop.json");
}

function home(env: Environment): string {
  const path = env("HOME");
  if (path !== undefined) return path;
  throw new LooopError("cannot tell where the profile is: HOME is not set", {
    hint: "set LOOOP_DATA_DIR or HOME",
  });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // Missing or unreadable: not the config.
  }
}

/** Tells whether the profile was seeded: its PLAYBOOK stands. */
export function isSeeded(profile: Profile): boolean {
  return isFile(profile.paths.playbook);
}

/**
 * Refuses to read from a profile that is not there; reading verbs create nothing.
 *
 * @throws {LooopError} When the data dir does not exist, is no folder, or holds nothing but other things.
 */
export function requireProfile(profile: Profile): void {
  const { dataDir } = profile;
  let cause: unknown;
  let isFolder = false;
  try {
    isFolder = Deno.statSync(dataDir).isDirectory;
  } catch (error) {
    cause = error;
  }
  if (isFolder) return refuseForeign(profile);
  const hint = "set LOOOP_DATA_DIR to the profile's folder";
  if (cause === undefined) {
    throw new LooopError(`no profile at ${dataDir}: it is a file, not a folder`, { hint });
  }
  if (cause instanceof Deno.errors.NotADirectory) {
    const reason = "a part of that path is a file, not a folder";
    throw new LooopError(`no profile at ${dataDir}: ${reason}`, { hint, cause });
  }
  if (!(cause instanceof Deno.errors.NotFound)) {
    throw new LooopError(`cannot look at ${dataDir}: ${messageOf(cause)}`, {
      hint: "check the owner and mode of the folders above it, or set LOOOP_DATA_DIR",
      cause,
    });
  }
  throw new LooopError(`no profile at ${dataDir}`, {
    hint: "run `looop` to create it, or set LOOOP_DATA_DIR",
    cause,
  });
}

/** A folder in which nothing is looop's is somebody else's: an empty status would be no answer. */
function refuseForeign({ dataDir, paths }: Profile): void {
  const own = new Set(Object.values(paths).map((path) => relative(dataDir, path).split("/")[0]!));
  let names: readonly string[];
  try {
    names = [...Deno.readDirSync(dataDir)].map(({ name }) => name);
  } catch {
    return; // Whoever reads a file in it says why that cannot be.
  }
  if (names.length === 0 || names.includes("looop.json") || names.some((name) => own.has(name))) {
    return;
  }
  const some = [...names].sort().slice(0, 3).map(foldLine).join(", ");
  throw new LooopError(`no profile at ${dataDir}: it holds ${some}`, {
    hint: "set LOOOP_DATA_DIR to the profile's folder",
  });
}

function profilePaths(dataDir: string): ProfilePaths {
  const at = (name: string) => join(dataDir, name);
  return {
    playbook: at("PLAYBOOK.md"),
    goalsDir: at("goals"),
    archiveDir: at("goals/archive"),
    sensorsDir: at("sensors"),
    journal: at("journal.md"),
    journalDir: at("journal"),
    asksDir: at("asks"),
    intent: at(".intent"),
    beat: at(".beat"),
    costLedger: at("cost.jsonl"),
    claimsDir: at("claims"),
    reportsDir: at("reports"),
    tickDir: at("tick"),
    snapshotsDir: at("snapshots"),
    promptsDir: at("prompts"),
    runsDir: at("runs"),
    sessionsDir: at("sessions"),
    lock: at(".lock"),
    lastTickHash: at(".last-tick-hash"),
    lastWorld: at(".last-world.json"),
    tickBackoff: at(".tick-backoff"),
    decides: at(".decides"),
    nextInterval: at(".next-interval"),
    nextBeat: at(".next-beat"),
    wake: at(".wake"),
    foreground: at(".foreground"),
    tickLog: at("tick.log"),
    events: at("events.jsonl"),
    binDir: at(".bin"),
  };
}
