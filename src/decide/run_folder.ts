/**
 * One beat's folder under `runs/`: enough to replay it. Ids sort by time and never collide.
 *
 * @module
 */
import { join } from "node:path";
import { ensurePrivateDir, PRIVATE_FILE_MODE, writeFileAtomic } from "../base/atomic_file.ts";

/** A beat's folder. */
export interface RunFolder {
  readonly id: string;
  readonly dir: string;
  readonly promptPath: string;
  readonly outputPath: string;
}

/** Creates the folder of a new run: `20261121-093015-123`, with a number behind it where taken. */
export function createRunFolder(runsDir: string, now: Date): RunFolder {
  ensurePrivateDir(runsDir);
  const stamp = now.toISOString().replace(/[-:Z]/g, "").replace("T", "-").replace(".", "-");
  for (let number = 0;; number++) {
    const id = number === 0 ? stamp : `${stamp}-${String(number).padStart(3, "0")}`;
    const dir = join(runsDir, id);
    try {
      Deno.mkdirSync(dir, { mode: 0o700 });
      return { id, dir, promptPath: join(dir, "prompt.md"), outputPath: join(dir, "output.log") };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Writes one of a run's JSON files. */
export function writeRunJson(run: RunFolder, name: "decision" | "outcome", value: unknown): void {
  writeFileAtomic(join(run.dir, `${name}.json`), JSON.stringify(value, undefined, 2) + "\n", {
    flush: false,
  });
}

/** Lists the ids of all runs, oldest first. */
export function listRuns(runsDir: string): string[] {
  try {
    return [...Deno.readDirSync(runsDir)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Removes the oldest runs until `keep` are left. */
export function pruneRuns(runsDir: string, keep: number): void {
  const ids = listRuns(runsDir);
  for (const id of ids.slice(0, Math.max(0, ids.length - keep))) {
    Deno.removeSync(join(runsDir, id), { recursive: true });
  }
}

/** Appends lines with the time in front, as output comes in chunks of any size. */
export class OutputLog {
  #file: Deno.FsFile;
  #rest: Record<string, string> = {};
  #decoders: Record<string, TextDecoder> = {};
  #bytesLeft: number;

  /** @param maxBytes After this nothing more is kept; the log says so. */
  constructor(path: string, readonly maxBytes = 8 * 1024 * 1024) {
    this.#file = Deno.openSync(path, {
      write: true,
      create: true,
      append: true,
      mode: PRIVATE_FILE_MODE,
    });
    this.#bytesLeft = maxBytes;
  }

  /** Takes a chunk of a stream; whole lines are written at once. */
  add(chunk: Uint8Array, stream: "stdout" | "stderr"): void {
    const decoder = this.#decoders[stream] ??= new TextDecoder();
    const lines = ((this.#rest[stream] ?? "") + decoder.decode(chunk, { stream: true })).split(
      "\n",
    );
    const rest = lines.pop()!;
    // A line without an end must not grow without bound either.
    this.#rest[stream] = rest.length > 65_536 ? "" : rest;
    if (rest.length > 65_536) lines.push(rest);
    for (const line of lines) this.#write(line);
  }

  /** Writes what is left without a line end, and closes the file. */
  close(): void {
    for (const rest of Object.values(this.#rest)) if (rest !== "") this.#write(rest);
    this.#file.close();
  }

  #write(line: string): void {
    if (this.#bytesLeft <= 0) return;
    const bytes = new TextEncoder().encode(`${new Date().toISOString()} ${line}\n`);
    this.#bytesLeft -= bytes.length;
    const shown = this.#bytesLeft > 0
      ? bytes
      : new TextEncoder().encode(`[cut: more than ${this.maxBytes} bytes of output]\n`);
    this.#file.writeSync(shown);
  }
}
