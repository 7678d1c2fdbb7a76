/**
 * A temporary folder that belongs to one test.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** Runs `body` with a fresh folder and removes the folder afterwards, whatever happened. */
export async function withTempDir(body: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "looop-test-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the path of a file named relative to a module. */
export function fromFileUrl(relative: string, base: string): string {
  return fileURLToPath(new URL(relative, base));
}
