/**
 * A tmux window for each raised flag, so that a person who works in tmux cannot miss it.
 *
 * @module
 */
import type { Environment } from "../profile/environment.ts";

/** What the window runs, and where. */
export interface PopupOptions {
  readonly env: Environment;
  readonly looopBin: string;
  readonly dataDir: string;
  readonly configPath: string;
}

/**
 * Opens one window named `⚑ <id>` that attaches to the worker. It opens behind the current one: a
 * window that took the focus would also take whatever the person is typing.
 *
 * @returns Why it could not be opened; undefined when it was.
 */
export async function openPopup(id: string, options: PopupOptions): Promise<string | undefined> {
  const { looopBin, dataDir, configPath } = options;
  const attach = [
    "env",
    `LOOOP_DATA_DIR=${dataDir}`,
    `LOOOP_CONFIG=${configPath}`,
    looopBin,
    "attach",
    id,
  ];
  try {
    const { code, stderr } = await new Deno.Command("tmux", {
      args: ["new-window", "-d", "-n", `⚑ ${id}`, "--", ...attach],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (code !== 0) return new TextDecoder().decode(stderr).trim();
    await new Deno.Command("tmux", {
      args: ["display-message", `⚑ ${id} waits for you`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
