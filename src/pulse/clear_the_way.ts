/**
 * Looks, before a beat costs anything, whether what it must write at its end can be written: a folder
 * or FIFO in a file's place would otherwise be found out only after the LLM was paid and the move made.
 *
 * @module
 */
import { join } from "node:path";
import { isFolder, isRegularFile, nameKind } from "../base/regular_file.ts";
import { type BeatContext, tell } from "./beat_context.ts";

/** Folders that a beat reads or writes. */
const FOLDERS = [
  "goalsDir",
  "sensorsDir",
  "snapshotsDir",
  "sessionsDir",
  "asksDir",
  "claimsDir",
  "runsDir",
  "journalDir",
] as const;

/**
 * Removes what stands in the place of scratch, and refuses what stands in the place of memory.
 *
 * @throws {LooopError} Naming the first file that cannot be used.
 */
export function clearTheWay(context: BeatContext): void {
  const { paths, dataDir } = context.profile;
  isRegularFile(paths.playbook);
  isRegularFile(join(dataDir, ".gitignore")); // git would wait at a FIFO.
  for (const path of FOLDERS.map((name) => paths[name])) isFolder(path);
  for (const path of [paths.journal, paths.costLedger, paths.intent]) isRegularFile(path, "append");
  const scratch = [
    paths.lastTickHash,
    paths.lastWorld,
    paths.tickBackoff,
    paths.decides,
    paths.nextInterval,
    paths.nextBeat,
  ];
  for (const path of scratch) clear(context, path);
}

function clear(context: BeatContext, path: string): void {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  if (info.isFile) return;
  Deno.removeSync(path, { recursive: true });
  tell(context, "warning", `removed ${path}: it was ${nameKind(info)}, not a file`, {
    level: "warn",
  });
}
