/**
 * Loaded before the program under test (`--preload`): counts every change that the process makes to
 * the world (files, FIFOs, children) and kills it, without a warning, before the N-th one or in the
 * middle of it. The program itself carries no hook.
 *
 * `KILL_AT`: N, from 1; 0 only counts. `KILL_TORN=1`: half of the N-th write happens. `KILL_LOG`: a
 * file that gets the name of each change.
 *
 * @module
 */
import { openSync, writeSync } from "node:fs";

const at = Number(Deno.env.get("KILL_AT") ?? 0);
const isTorn = Deno.env.get("KILL_TORN") === "1";
const logPath = Deno.env.get("KILL_LOG");
const log = logPath === undefined ? undefined : openSync(logPath, "a");
for (const name of ["KILL_AT", "KILL_TORN", "KILL_LOG"]) Deno.env.delete(name);

const kill = Deno.kill;
const pid = Deno.pid;
let count = 0;

function die(): never {
  kill(pid, "SIGKILL");
  // The signal is there before the call returns; this only tells the compiler so.
  throw new Error("still alive");
}

/** Counts one change; `half` makes half of it happen. */
function step(name: string, target: unknown, half?: () => void): void {
  count++;
  if (log !== undefined) writeSync(log, `${name} ${String(target)}\n`);
  if (count !== at) return;
  if (isTorn) half?.();
  die();
}

// deno-lint-ignore no-explicit-any -- whatever the call takes and gives passes through untouched.
type Call = (...args: any[]) => any;
const api = Deno as unknown as Record<string, Call>;

function patch(
  name: string,
  label: (args: readonly unknown[]) => unknown = ([path]) => path,
): void {
  const real = api[name]!;
  api[name] = (...args) => {
    step(name.replace(/Sync$/, ""), label(args));
    return real.apply(Deno, args);
  };
}

for (const name of ["remove", "mkdir", "truncate", "writeFile", "writeTextFile", "symlink"]) {
  patch(`${name}Sync`);
  patch(name);
}
for (const name of ["rename", "link"]) {
  patch(`${name}Sync`, ([, to]) => to);
  patch(name, ([, to]) => to);
}

const paths = new WeakMap<Deno.FsFile, string>();
const openFile = Deno.openSync;
Deno.openSync = (path, options) => {
  const { write, append, create, createNew, truncate } = options ?? {};
  if (write || append || create || createNew || truncate) step("open", path);
  const file = openFile(path, options);
  paths.set(file, String(path));
  return file;
};
const { writeSync: writeFile, truncateSync } = Deno.FsFile.prototype;
Deno.FsFile.prototype.writeSync = function (bytes) {
  const half = () => writeFile.call(this, bytes.subarray(0, bytes.length >> 1));
  step("write", paths.get(this) ?? "?", half);
  return writeFile.call(this, bytes);
};
Deno.FsFile.prototype.truncateSync = function (length) {
  step("truncate", paths.get(this) ?? "?");
  return truncateSync.call(this, length);
};

const { Command } = Deno;
Deno.Command = class extends Command {
  readonly #name: string;
  constructor(program: string | URL, options?: Deno.CommandOptions) {
    super(program, options);
    const [word] = (options?.args ?? []).filter((each) => !/^-|=|^git$/.test(each));
    this.#name = `${program} ${word ?? ""}`;
  }
  override spawn(): Deno.ChildProcess {
    step("spawn", this.#name);
    const child = super.spawn();
    // It waits for its input: dead before that is written, we leave it with half or none.
    step("spawned", this.#name);
    return child;
  }
  override output(): Promise<Deno.CommandOutput> {
    step("spawn", this.#name);
    return super.output();
  }
};

const { dlopen } = Deno;
Deno.dlopen = (path, symbols) => {
  const library = dlopen(path, symbols);
  const calls = { ...library.symbols } as Record<string, Call>;
  for (const name of ["mkfifo", "write"]) {
    const real = calls[name];
    if (real === undefined) continue;
    calls[name] = (...args) => {
      step(`libc.${name}`, name === "mkfifo" ? new TextDecoder().decode(args[0]) : args[0]);
      return real(...args);
    };
  }
  return { ...library, symbols: calls } as unknown as typeof library;
};
