/**
 * Where the C library lies on each system; also the exact list that `--allow-ffi` is given.
 *
 * A scoped `--allow-ffi` matches the spelling of a path, not the file behind it, so that every
 * distribution's own spelling stands here.
 *
 * @module
 */

const LINUX_X64 = [
  "/lib/x86_64-linux-gnu/libc.so.6", // Debian, Ubuntu
  "/lib64/libc.so.6", // Fedora, RHEL
  "/usr/lib/libc.so.6", // Arch
  "/lib/ld-musl-x86_64.so.1", // Alpine; untested
] as const;

const LINUX_ARM64 = [
  "/lib/aarch64-linux-gnu/libc.so.6", // Debian, Ubuntu; untested
  "/lib64/libc.so.6",
  "/usr/lib/libc.so.6",
  "/lib/ld-musl-aarch64.so.1",
] as const;

/** Served from the shared cache: there is no such file on disk since macOS 11. Untested. */
const DARWIN = ["/usr/lib/libSystem.B.dylib"] as const;

/** Returns the spellings of libc to try, in order, on this system. */
export function libcPaths(
  os: typeof Deno.build.os = Deno.build.os,
  arch: typeof Deno.build.arch = Deno.build.arch,
): readonly string[] {
  if (os === "darwin") return DARWIN;
  return arch === "aarch64" ? LINUX_ARM64 : LINUX_X64;
}
