/**
 * Names the machine that figures come from.
 *
 * @module
 */
import { cpus, loadavg, release, totalmem } from "node:os";

/** A machine, and how busy it was when the run began. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory_gib: number;
  readonly load_before: number;
  readonly deno: string;
  readonly date: string;
}

/** Describes this machine now. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    system: `${Deno.build.os} ${release()} ${Deno.build.arch}`,
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    load_before: Number((loadavg()[0] ?? 0).toFixed(1)),
    deno: Deno.version.deno,
    date: new Date().toISOString().slice(0, "YYYY-MM-DD".length),
  };
}
