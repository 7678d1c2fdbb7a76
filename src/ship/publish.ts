/**
 * `deno task publish`: writes the package as JSR takes it, from the same sources, and publishes it.
 *
 *     deno task publish --dry-run            # checks everything, sends nothing
 *     deno task publish --tree FOLDER        # only writes what would be published
 *
 * JSR refuses imports of text, so each text becomes a module with one string; and bare names become
 * full ones, so that the sources mean the same without this checkout's import map.
 *
 * @module
 */
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LooopError, messageOf } from "../base/errors.ts";
import { CHECKOUT } from "./bundle.ts";
import { bundlerCommand, runTool } from "./tool.ts";

/** What of `deno.json` a package needs. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

const TEXT_IMPORT = /import\s+(\w+)\s+from\s+"(\.[^"]+)"\s+with\s*\{\s*type:\s*"text",?\s*\};/g;
const BARE_IMPORT = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|@ts-types=)"([^".][^"]*)"/g;

/**
 * Writes the package.
 *
 * @param folder Where to; created if need be.
 * @throws {LooopError} When a source imports what the package cannot hold.
 */
export async function writePublishTree(folder: string): Promise<void> {
  const manifest = JSON.parse(await Deno.readTextFile(join(CHECKOUT, "deno.json"))) as Manifest;
  const { name, version, license, exports, imports, compilerOptions } = manifest;
  await write(
    join(folder, "deno.json"),
    JSON.stringify({ name, version, license, exports, compilerOptions }, null, 2) + "\n",
  );
  for (const file of ["LICENSE", "README.md"]) {
    const text = await Deno.readTextFile(join(CHECKOUT, file)).catch(() => undefined);
    if (text !== undefined) await write(join(folder, file), text);
  }
  const texts = new Set<string>();
  for await (const source of sources()) {
    const { text, imported } = rewriteSource(await Deno.readTextFile(source), source, imports);
    for (const path of imported) texts.add(path);
    await write(join(folder, relative(CHECKOUT, source)), text);
  }
  for (const path of texts) {
    const text = JSON.stringify(await Deno.readTextFile(path));
    await write(
      join(folder, `${relative(CHECKOUT, path)}.ts`),
      `/** The text of ${
        relative(CHECKOUT, path)
      }. @module */\nconst text: string = ${text};\nexport default text;\n`,
    );
  }
}

/**
 * Rewrites one source for the package.
 *
 * @param path Where the source lies, for the paths of its texts.
 * @param imports The import map: bare names and what they stand for.
 * @returns The new text and the absolute paths of the texts that it imports.
 */
export function rewriteSource(
  source: string,
  path: string,
  imports: Readonly<Record<string, string>>,
): { readonly text: string; readonly imported: readonly string[] } {
  const imported: string[] = [];
  const text = source
    .replaceAll(TEXT_IMPORT, (_, name: string, target: string) => {
      imported.push(resolve(dirname(path), target));
      return `import ${name} from "${target}.ts";`;
    })
    .replaceAll(BARE_IMPORT, (whole, before: string, name: string) => {
      if (/^(npm|node|jsr):/.test(name)) return whole;
      const target = imports[name];
      // A sentence in a comment or a message may look like an import.
      return target === undefined ? whole : `${before}"${target}"`;
    });
  if (/\bwith\s*\{\s*type:/.test(text)) {
    throw new LooopError(
      `cannot publish ${path}: it imports something other than text by attribute`,
    );
  }
  return { text, imported };
}

/** Lists the sources of the program itself. */
async function* sources(folder = join(CHECKOUT, "src")): AsyncGenerator<string> {
  if (folder === join(CHECKOUT, "src")) yield join(CHECKOUT, "main.ts");
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory && path !== join(CHECKOUT, "src/ship")) yield* sources(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}

async function publish(args: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "looop-publish-" });
  try {
    await writePublishTree(folder);
    return await runTool([...bundlerCommand(), "publish", ...args], { cwd: folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: { "dry-run": { type: "boolean" }, tree: { type: "string" } },
    });
    if (values.tree !== undefined) await writePublishTree(resolve(values.tree));
    else {
      await publish(values["dry-run"] ? ["--dry-run"] : []);
      console.log(values["dry-run"] ? "The package can be published" : "Published");
    }
  } catch (error) {
    console.error(`publish: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
