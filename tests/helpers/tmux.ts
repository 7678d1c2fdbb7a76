/**
 * A real terminal that can be looked at: a tmux server of a test's own.
 *
 * @module
 */
import type { SessionHome } from "./test_session.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A shell without anybody's settings. */
export const BASH: readonly string[] = ["bash", "--norc", "--noprofile", "-i"];

/** A tmux server with one shell in it, 90x20. */
export class Tmux implements Disposable {
  readonly #socket: string;
  readonly #env: Record<string, string>;

  constructor(home: SessionHome) {
    this.#socket = `looop-${crypto.randomUUID()}`;
    this.#env = home.home.env({
      PS1: "outer$ ",
      LOOOP_TEST_TMUX: "1",
      TERM: "xterm-256color",
      SHELL: "/bin/bash",
    });
    this.run("-f", "/dev/null", "new-session", "-d", "-x", "90", "-y", "20", BASH.join(" "));
  }

  run(...args: readonly string[]): string {
    const { success, stdout, stderr } = new Deno.Command("tmux", {
      args: ["-L", this.#socket, ...args],
      env: this.#env,
      clearEnv: true,
    }).outputSync();
    if (!success) throw new Error(`tmux ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  type(text: string): void {
    this.run("send-keys", "-l", text);
    this.run("send-keys", "Enter");
  }

  /** Starts looop in the terminal's shell. */
  looop(...args: readonly string[]): void {
    this.type(`${Deno.execPath()} run -A --no-check --quiet ${MAIN} ${args.join(" ")}`);
  }

  /** Waits until the terminal shows a match. */
  async shows(pattern: RegExp): Promise<void> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const screen = this.run("capture-pane", "-p");
      if (pattern.test(screen)) return;
      if (performance.now() > deadline) throw new Error(`no ${pattern} on the screen:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** Waits until the shell has its terminal back as it was. */
  async isRestored(mark: string): Promise<void> {
    this.type(`clear; stty -a | grep -o '[-]*icanon' | tr '\\n' '${mark}'`);
    await this.shows(new RegExp(`^icanon${mark}`, "m"));
  }

  [Symbol.dispose](): void {
    this.run("kill-server");
  }
}
