/**
 * Finds the sensor scripts of a profile and what each says of itself.
 *
 * @module
 */
import { join } from "node:path";

/** One script under `sensors/`. */
export interface Sensor {
  readonly name: string;
  readonly path: string;
  /** A script that is not executable is run by bash. */
  readonly isExecutable: boolean;
  /** From `# looop:interval=SECONDS`: its last snapshot is kept while it is fresher than this. */
  readonly intervalMs: number | undefined;
}

/** The directive stands near the top, so that a long script is not read whole. */
const HEAD_BYTES = 4096;

/** Lists the sensors, sorted by name. Folders, FIFOs and files of other endings are passed over. */
export function findSensors(sensorsDir: string): readonly Sensor[] {
  const sensors: Sensor[] = [];
  for (const name of listNames(sensorsDir)) {
    if (!name.endsWith(".sh") || name.startsWith(".")) continue;
    const path = join(sensorsDir, name);
    let info: Deno.FileInfo;
    try {
      info = Deno.statSync(path);
    } catch {
      continue; // A dangling link or a file that has just gone.
    }
    if (!info.isFile) continue;
    sensors.push({
      name: name.slice(0, -".sh".length),
      path,
      isExecutable: ((info.mode ?? 0) & 0o111) !== 0,
      intervalMs: readInterval(path),
    });
  }
  return sensors.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function listNames(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

function readInterval(path: string): number | undefined {
  const head = new Uint8Array(HEAD_BYTES);
  try {
    using file = Deno.openSync(path);
    const length = file.readSync(head) ?? 0;
    const text = new TextDecoder().decode(head.subarray(0, length));
    const [, seconds] = /^#\s*looop:interval=(\d+)\s*$/m.exec(text) ?? [];
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  } catch {
    return undefined; // Unreadable: running it will say why.
  }
}
