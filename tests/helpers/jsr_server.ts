/**
 * A JSR registry on loopback that holds one package: what `JSR_URL` may name.
 *
 * @module
 */
import { join, relative } from "node:path";
import { type ReleaseServer, type Served, serveRelease } from "./release_server.ts";

/** Serves a package's folder as the only version of it. */
export async function serveJsrPackage(folder: string): Promise<ReleaseServer> {
  const { name, version, exports } = JSON.parse(
    await Deno.readTextFile(join(folder, "deno.json")),
  ) as { name: string; version: string; exports: unknown };
  const [scope = "", packageName = ""] = name.slice(1).split("/");
  const files: Served = {};
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const path of filesBelow(folder)) {
    const bytes = await Deno.readFile(path);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const inside = `/${relative(folder, path)}`;
    manifest[inside] = { size: bytes.length, checksum: `sha256-${digest.toHex()}` };
    files[`${name}/${version}${inside}`] = bytes;
  }
  files[`${name}/meta.json`] = JSON.stringify({
    scope,
    name: packageName,
    latest: version,
    versions: { [version]: {} },
  });
  files[`${name}/${version}_meta.json`] = JSON.stringify({ manifest, exports });
  return serveRelease(files);
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* filesBelow(path);
    else yield path;
  }
}
