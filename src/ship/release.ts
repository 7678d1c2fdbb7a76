/**
 * `deno task release`: makes the files of a release in `dist/release/`, as `install.sh` looks for
 * them: a packed binary for each target, the bundle for every other system, `install.sh` itself,
 * and the checksums of all.
 *
 * @module
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { LooopError, messageOf } from "../base/errors.ts";
import { bundle, CHECKOUT } from "./bundle.ts";
import { compile } from "./compile.ts";
import { type Target, TARGETS } from "./targets.ts";
import { runTool } from "./tool.ts";

/**
 * Makes a release.
 *
 * @param folder Where its files go; emptied first.
 * @param options `targets` to build for, and the project (`owner/name`) that the release's own
 *   `install.sh` looks at; the address in the sources where left out.
 */
export async function makeRelease(
  folder: string,
  options: { readonly targets: readonly Target[]; readonly repository?: string },
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
  await Deno.mkdir(folder, { recursive: true });
  const work = await Deno.makeTempDir({ prefix: "looop-release-" });
  try {
    const parts = join(work, "parts");
    await bundle(parts);
    for (const target of options.targets) {
      const binary = join(work, target.triple);
      await compile(parts, { target, output: binary });
      const packed = gzipSync(await Deno.readFile(binary));
      await Deno.writeFile(join(folder, `looop-${target.triple}.gz`), packed);
      await Deno.remove(binary);
    }
    await runTool(["tar", "-czf", join(folder, "looop-bundle.tar.gz"), "-C", parts, "."]);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  const script = await Deno.readTextFile(join(CHECKOUT, "install.sh"));
  await Deno.writeTextFile(join(folder, "install.sh"), stamp(script, options.repository));
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), await checksums(folder));
}

/**
 * Makes `install.sh` look at the project that makes the release.
 *
 * @throws {LooopError} When the script has no such line, or the name is none.
 */
export function stamp(script: string, repository: string | undefined): string {
  if (repository === undefined) return script;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new LooopError(`"${repository}" names no project`, { hint: "write owner/name" });
  }
  const stamped = script.replace(
    /^: "\$\{LOOOP_REPO:=[^}]*\}"$/m,
    `: "\${LOOOP_REPO:=${repository}}"`,
  );
  if (!stamped.includes(`LOOOP_REPO:=${repository}}`)) {
    throw new LooopError("install.sh names no project to replace");
  }
  return stamped;
}

async function checksums(folder: string): Promise<string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  let text = "";
  for (const name of names) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(join(folder, name)));
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0"));
    text += `${hex.join("")}  ${name}\n`;
  }
  return text;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  try {
    const repository = Deno.env.get("LOOOP_REPO") || undefined;
    const folder = join(CHECKOUT, "dist/release");
    await makeRelease(folder, { targets: TARGETS, ...(repository ? { repository } : {}) });
    console.log(await Deno.readTextFile(join(folder, "SHA256SUMS")));
  } catch (error) {
    console.error(`release: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
