/**
 * `deno task compile`: bundles looop and makes one binary of it, for this system or for the targets
 * that are named. The binary may do what `permissionFlags()` lists and nothing else.
 *
 *     deno task compile [--target TRIPLE]… [--all] [--output PATH]
 *
 * `$DENO` names the Deno that compiles (this one where unset), `$DENORT_BIN` the runtime that a
 * binary for this system is built on (Deno downloads it where unset).
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LooopError, messageOf, UsageError } from "../base/errors.ts";
import { permissionFlags } from "../profile/permissions.ts";
import { bundle, CHECKOUT } from "./bundle.ts";
import { findHostTarget, type Target, TARGETS } from "./targets.ts";
import { runTool } from "./tool.ts";

/**
 * Compiles a bundle for one system.
 *
 * @param bundleFolder What `bundle()` filled.
 * @param options `target` of the binary and the `output` path, replaced in one step.
 */
export async function compile(
  bundleFolder: string,
  options: { readonly target: Target; readonly output: string },
): Promise<void> {
  const { target, output } = options;
  const isHost = target === findHostTarget();
  const fresh = await Deno.makeTempDir({ dir: await ensureDir(dirname(output)) });
  try {
    await runTool([
      Deno.env.get("DENO") || Deno.execPath(),
      ...compileArguments(target),
      // A runtime from DENORT_BIN is this system's; naming its target would still look for a download.
      ...(isHost ? [] : ["--target", target.triple]),
      "--output",
      join(fresh, "looop"),
      join(bundleFolder, "main.js"),
    ], {
      cwd: bundleFolder,
      env: { DENORT_BIN: (isHost && Deno.env.get("DENORT_BIN")) || undefined },
    });
    await Deno.rename(join(fresh, "looop"), output);
  } finally {
    await Deno.remove(fresh, { recursive: true });
  }
}

/** Lists the flags of `deno compile` that shape the binary. */
export function compileArguments({ os, arch }: Target): readonly string[] {
  return [
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-lock",
    // The cache would lie under a name that anyone can foresee, in a folder that others can write.
    "--no-code-cache",
    ...permissionFlags(os, arch),
    // Without a word Deno would allow code from a list of its own; everything is inside already.
    "--deny-import",
  ];
}

/**
 * Builds binaries from this checkout.
 *
 * @param targets One binary each.
 * @param outputOf Names the path of each.
 */
export async function build(
  targets: readonly Target[],
  outputOf: (target: Target) => string,
): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "looop-build-" });
  try {
    await bundle(work);
    for (const target of targets) await compile(work, { target, output: outputOf(target) });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function ensureDir(path: string): Promise<string> {
  await Deno.mkdir(path, { recursive: true });
  return path;
}

/** Reads the command line. */
function parseCommandLine(args: string[]): {
  readonly targets: readonly Target[];
  readonly outputOf: (target: Target) => string;
} {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: "string", multiple: true },
      all: { type: "boolean" },
      output: { type: "string" },
    },
  });
  const host = findHostTarget();
  const names = values.all ? TARGETS.map(({ triple }) => triple) : values.target;
  const targets = names?.map((name) => {
    const found = TARGETS.find(({ triple }) => triple === name);
    if (found) return found;
    const known = TARGETS.map(({ triple }) => triple).join(", ");
    throw new UsageError(`no target "${name}"`, `take one of ${known}`);
  }) ?? (host ? [host] : []);
  if (targets.length === 0) throw new UsageError("no binary for this system", "name a --target");
  if (values.output !== undefined && targets.length > 1) {
    throw new UsageError("one --output cannot hold several targets", "leave --output out");
  }
  const dist = join(CHECKOUT, "dist");
  return {
    targets,
    outputOf: (target) =>
      values.output !== undefined
        ? resolve(values.output)
        : join(dist, names === undefined ? "looop" : `looop-${target.triple}`),
  };
}

if (import.meta.main) {
  try {
    const { targets, outputOf } = parseCommandLine(Deno.args);
    await build(targets, outputOf);
    for (const target of targets) console.log(outputOf(target));
  } catch (error) {
    const hint = error instanceof LooopError && error.hint ? `; ${error.hint}` : "";
    console.error(`compile: ${messageOf(error)}${hint}`);
    Deno.exit(error instanceof LooopError ? error.exitCode : 1);
  }
}
