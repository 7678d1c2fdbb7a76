/**
 * Packs the program and its packages into a few plain JavaScript files, split so that a verb loads
 * only its own part. The result needs neither the checkout nor a package registry.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LooopError } from "../base/errors.ts";
import { bundlerCommand, runTool } from "./tool.ts";

/** The checkout that this file is part of. */
export const CHECKOUT: string = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Bundles the program.
 *
 * @param folder Where the parts go; the one to start is `main.js`.
 * @throws {LooopError} When bundling fails or `folder` lies where `deno compile` would pick up packages.
 */
export async function bundle(folder: string): Promise<void> {
  refuseNodeModules(folder);
  await Deno.mkdir(folder, { recursive: true });
  // The bundler fails on a path with a quote in it, which `folder` may well have.
  const work = await Deno.makeTempDir({ prefix: "looop-bundle-" });
  try {
    await runTool([
      ...bundlerCommand(),
      "bundle",
      "--quiet",
      // Not minified: the minifier moves a `using` variable that is read once into its reader, and
      // so what it holds (a lock, a file) is never given back. Size and start-up hardly differ.
      "--code-splitting",
      "--frozen",
      "--outdir",
      work,
      "main.ts",
    ], { cwd: CHECKOUT });
    for await (const { name } of Deno.readDir(work)) {
      await Deno.copyFile(join(work, name), join(folder, name));
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** A `node_modules` folder beside or above the entry point would be embedded into the binary. */
function refuseNodeModules(folder: string): void {
  for (let at = folder;; at = dirname(at)) {
    let isThere = true;
    try {
      Deno.statSync(join(at, "node_modules"));
    } catch {
      isThere = false; // Missing or unreadable: nothing that could be embedded.
    }
    if (isThere) {
      throw new LooopError(`cannot build in ${folder}: ${at} holds a node_modules folder`, {
        hint: "set TMPDIR to a folder without one",
      });
    }
    if (dirname(at) === at) return;
  }
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new LooopError("name the folder to bundle into");
  await bundle(resolve(folder));
}
