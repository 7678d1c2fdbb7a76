/**
 * The systems that looop is built for, and which of them this one is.
 *
 * @module
 */

/** One system to build for. */
export interface Target {
  /** Name of the system as `deno compile --target` takes it. */
  readonly triple: string;
  readonly os: "linux" | "darwin";
  readonly arch: "x86_64" | "aarch64";
}

/** Every target of a release. `install.sh` picks among these by `uname`. */
export const TARGETS: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x86_64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "aarch64" },
  { triple: "x86_64-apple-darwin", os: "darwin", arch: "x86_64" },
  { triple: "aarch64-apple-darwin", os: "darwin", arch: "aarch64" },
];

/** Finds the target that this process runs on; undefined on any other system. */
export function findHostTarget(): Target | undefined {
  return TARGETS.find(({ os, arch }) => os === Deno.build.os && arch === Deno.build.arch);
}
