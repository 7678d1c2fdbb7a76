/**
 * What looop asks of Deno, wherever it runs from: the compiled binary is built with this list, and
 * a launcher passes it. There is no net and no import in it, and nothing is ever asked for later.
 *
 * @module
 */
import { libcPaths } from "../libc/paths.ts";

/** Lists the permission flags for one system; `--allow-ffi` names the C library's spellings only. */
export function permissionFlags(
  os: typeof Deno.build.os = Deno.build.os,
  arch: typeof Deno.build.arch = Deno.build.arch,
): readonly string[] {
  return [
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
    `--allow-ffi=${libcPaths(os, arch).join(",")}`,
    "--no-prompt",
  ];
}
