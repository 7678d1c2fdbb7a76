import { match, ok } from "node:assert/strict";
import { request } from "../../src/session/channel.ts";
import { needing, SessionHome } from "../helpers/test_session.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const BASH = ["bash", "--norc", "--noprofile", "-i"];

/** A tmux server of its own, with one shell in it: a real terminal that can be looked at. */
class Tmux implements Disposable {
  readonly #socket: string;
  readonly #env: Record<string, string>;

  constructor(home: SessionHome) {
    this.#socket = `looop-${crypto.randomUUID()}`;
    this.#env = home.home.env({ PS1: "outer$ ", TERM: "xterm-256color", SHELL: "/bin/bash" });
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

Deno.test(needing("tmux", "attach redraws, types, follows the size and leaves"), async () => {
  await using home = new SessionHome();
  await home.start("sh", BASH);
  await home.looop(["send", "sh", "echo before-$((1+1))"]);
  await home.looop(["expect", "sh", "^before-2$"]);
  using tmux = new Tmux(home);
  tmux.looop("attach", "sh");
  await tmux.shows(/^before-2$/m);
  tmux.type("tput cols; tput lines");
  await tmux.shows(/^90\n20$/m);
  tmux.run("resize-window", "-x", "70", "-y", "15");
  tmux.run("send-keys", "C-l");
  await home.looop(["expect", "sh", "^\\$", "--screen"]);
  tmux.type("tput cols; tput lines");
  await tmux.shows(/^70\n15$/m);
  const second = await home.home.looop(["attach", "sh"]);
  match(second.stderr, /not a terminal.*watch/);
  tmux.run("send-keys", "C-\\", "C-\\");
  await tmux.shows(/\[detached; .*attach sh/);
  await tmux.isRestored("+");
  const shot = await home.json(["shot", "sh"]);
  ok(shot["cols"] === 70 && shot["rows"] === 15, "the size stays");
});

Deno.test(
  needing("tmux", "a second attach is told who is there; detach throws out the first"),
  async () => {
    await using home = new SessionHome();
    await home.start("sh", BASH);
    using tmux = new Tmux(home);
    tmux.looop("attach", "sh");
    await tmux.shows(/^\$ ?$/m);
    using other = new Tmux(home);
    other.looop("attach", "sh");
    await other.shows(/pid \d+ since \d\d:\d\d is attached to "sh"; `looop detach sh`/);
    match((await home.home.looop(["detach", "sh"])).stderr, /pid \d+ .*was thrown out/);
    await tmux.shows(/\[thrown out of "sh"\]/);
    await tmux.isRestored("+");
    other.looop("attach", "sh");
    await other.shows(/^\$ ?$/m);
    other.type("exit");
    await other.shows(/\[the session "sh" ended\]/);
    await other.isRestored("+");
  },
);

Deno.test(
  needing("tmux", "the terminal is restored after SIGTERM and SIGKILL of attach"),
  async () => {
    await using home = new SessionHome();
    await home.start("raw", [
      "bash",
      "-c",
      "stty raw -echo; printf '\\e[?1049h\\e[?25lhere'; sleep 60",
    ]);
    using tmux = new Tmux(home);
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      tmux.type("clear");
      tmux.looop("attach", "raw");
      await tmux.shows(/^here/m);
      const { busy } = await request(`${home.sessionsDir}/raw`, "attach");
      Deno.kill(Number(/pid (\d+)/.exec(String(busy))![1]), signal);
      await tmux.isRestored(signal === "SIGTERM" ? "+" : "=");
      match(tmux.run("display-message", "-p", "#{alternate_on} #{cursor_flag}"), /^0 1/);
    }
  },
);
