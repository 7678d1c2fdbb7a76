/**
 * Looks a program up in PATH, as a shell would.
 *
 * @module
 */
import type { Environment } from "./environment.ts";

/** Returns the path of a program that can be executed, or undefined. */
export function findProgram(name: string, env: Environment): string | undefined {
  const candidates = name.includes("/")
    ? [name]
    : (env("PATH") ?? "").split(":").filter((dir) => dir !== "").map((dir) => `${dir}/${name}`);
  return candidates.find((path) => {
    try {
      const info = Deno.statSync(path);
      return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
    } catch {
      return false; // Not there, or not to be read: the next one.
    }
  });
}
