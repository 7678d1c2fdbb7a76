/**
 * The files that state what should be: PLAYBOOK, goals, sensors. The beat reads them whole, writes
 * them whole, and never outside the data dir.
 *
 * @module
 */
import { basename, join } from "node:path";
import { ensurePrivateDir, writeFileAtomic } from "../base/atomic_file.ts";
import { LooopError } from "../base/errors.ts";

/** Where the policy files lie. */
export interface PolicyPaths {
  readonly playbook: string;
  readonly goalsDir: string;
  readonly archiveDir: string;
  readonly sensorsDir: string;
}

/** A policy file with its text. */
export interface PolicyText {
  /** Relative to the data dir. */
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/** All policy files at one moment. */
export interface Policy {
  readonly playbook: PolicyText | undefined;
  readonly goals: readonly PolicyText[];
  readonly sensors: readonly PolicyText[];
}

/** A file larger than this is read up to here; nobody reads more of a goal, and memory is bounded. */
const MAX_READ_BYTES = 1024 * 1024;

/** Reads every policy file. What is no regular file (a folder, a FIFO) is passed over. */
export function readPolicy(paths: PolicyPaths): Policy {
  const [playbook] = readTexts([paths.playbook], "");
  return {
    playbook,
    goals: readTexts(listFiles(paths.goalsDir, ".md"), "goals/"),
    sensors: readTexts(listFiles(paths.sensorsDir, ".sh"), "sensors/"),
  };
}

function listFiles(dir: string, ending: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name)
      .filter((name) => name.endsWith(ending) && !name.startsWith(".")).sort()
      .map((name) => join(dir, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

function readTexts(files: readonly string[], prefix: string): PolicyText[] {
  const texts: PolicyText[] = [];
  for (const file of files) {
    const text = readBounded(file);
    if (text === undefined) continue;
    const name = basename(file);
    texts.push({ path: prefix + name, name: name.replace(/\.(?:md|sh)$/, ""), text });
  }
  return texts;
}

function readBounded(path: string): string | undefined {
  try {
    const info = Deno.statSync(path);
    if (!info.isFile) return undefined;
    if (info.size <= MAX_READ_BYTES) return Deno.readTextFileSync(path);
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(MAX_READ_BYTES);
    const length = file.readSync(bytes) ?? 0;
    // The size stands in for what is not read, so that growth is still a change.
    return new TextDecoder().decode(bytes.subarray(0, length)) + `\n[${info.size} bytes in all]`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Replaces one policy file.
 *
 * @throws {LooopError} When its folder is a link to somewhere else.
 */
export function writePolicyFile(dir: string, name: string, text: string, mode = 0o600): void {
  ensureOwnFolder(dir);
  writeFileAtomic(join(dir, name), text.endsWith("\n") ? text : text + "\n", { mode });
}

/**
 * Moves a goal into the archive, never over an earlier one of the same name.
 *
 * @returns The name it has there.
 * @throws {LooopError} When there is no such goal.
 */
export function archiveGoal(paths: PolicyPaths, id: string): string {
  const from = join(paths.goalsDir, `${id}.md`);
  ensureOwnFolder(paths.goalsDir);
  ensureOwnFolder(paths.archiveDir);
  for (let number = 1;; number++) {
    const name = number === 1 ? `${id}.md` : `${id}.${number}.md`;
    try {
      // A hard link fails where the name is taken; a rename would replace the earlier one.
      Deno.linkSync(from, join(paths.archiveDir, name));
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new LooopError(`there is no goal "${id}"`, { cause: error });
    }
    Deno.removeSync(from);
    return name;
  }
}

function ensureOwnFolder(dir: string): void {
  try {
    if (Deno.lstatSync(dir).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    ensurePrivateDir(dir);
    return;
  }
  throw new LooopError(`${dir} is not a folder of its own; nothing was written`, {
    hint: "replace the link or file by a folder",
  });
}
