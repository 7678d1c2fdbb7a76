/**
 * Looks at processes from outside.
 *
 * @module
 */

/** Tells whether a process runs; one that has ended and waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  const { stdout } = new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] })
    .outputSync();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && !state.startsWith("Z");
}
