import { equal, match, ok } from "node:assert/strict";
import { completedVerbs } from "../../src/cli/completions/completed_verb.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { findProgram } from "../../src/profile/find_program.ts";
import { Home } from "../helpers/home.ts";

const env = (name: string) => Deno.env.get(name);
const lacks = (program: string) => findProgram(program, env) === undefined;
const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = typeof SHELLS[number];

/** How each shell is started without the settings of this machine, and what loads the completion. */
const SHELL_START: Readonly<Record<Shell, readonly [start: string, load: string]>> = {
  bash: ["bash --norc --noprofile -i", 'eval "$(looop config bash)"'],
  zsh: ["zsh -f -i", 'eval "$(looop config zsh)"'],
  fish: ["fish --no-config -i", "looop config fish | source"],
};

/** A home with a `looop` on PATH, two live workers, one of them flagged, and one that is over. */
async function homeWithWorkers(): Promise<Home> {
  const home = new Home("my data");
  const main = new URL("../../main.ts", import.meta.url).pathname;
  Deno.mkdirSync(`${home.dir}/bin`);
  Deno.writeTextFileSync(
    `${home.dir}/bin/looop`,
    `#!/bin/sh\nexec "${Deno.execPath()}" run -A --no-check --quiet "${main}" "$@"\n`,
    { mode: 0o755 },
  );
  home.configure("true", {
    runners: { script: { tick: "true", interactive: "echo {{prompt_file}}; cat" } },
  });
  for (const id of ["alpha", "beta", "gone"]) {
    const { code, stderr } = await home.looop(["start-session", id, "wait"]);
    equal(code, 0, stderr);
  }
  equal((await home.looop(["kill", "gone"])).code, 0);
  equal((await home.looop(["flag", "beta", "which branch?"])).code, 0);
  return home;
}

/** One shell in a real terminal: a tmux server of its own. */
class ShellOnScreen {
  readonly #socket = `looop-test-${crypto.randomUUID().slice(0, 8)}`;

  constructor(readonly home: Home, shell: Shell) {
    const [start] = SHELL_START[shell];
    this.#tmux("new-session", "-d", "-x", "100", "-y", "50", `PS1='$ ' ${start}`);
  }

  #tmux(...args: readonly string[]): string {
    const { stdout } = new Deno.Command("tmux", {
      args: ["-L", this.#socket, "-f", "/dev/null", ...args],
      env: this.home.env({
        PATH: `${this.home.dir}/bin:${Deno.env.get("PATH")}`,
        TERM: "xterm-256color",
        LANG: "C.UTF-8",
      }),
      clearEnv: true,
      cwd: this.home.dir,
    }).outputSync();
    return new TextDecoder().decode(stdout);
  }

  get screen(): string {
    return this.#tmux("capture-pane", "-p").trimEnd();
  }

  type(text: string): void {
    this.#tmux("send-keys", "-l", text);
  }

  press(...keys: readonly string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  /** Waits until the screen fits; the failure shows the last screen. */
  async until(fits: (screen: string) => boolean, what: string): Promise<string> {
    const deadline = Date.now() + 30_000;
    while (true) {
      const screen = this.screen;
      if (fits(screen)) return screen;
      ok(Date.now() < deadline, `never saw ${what}; the screen was:\n${screen}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /**
   * Empties the line and the screen. Without Ctrl-C, which would also throw away what is typed behind
   * it before the shell has heard of it.
   */
  async clear(): Promise<void> {
    this.press("C-u");
    this.press("C-l");
    await this.until(
      (screen) => screen.split("\n").length <= 2 && !screen.includes("looop"),
      "an empty screen",
    );
  }

  close(): void {
    this.#tmux("kill-server");
  }
}

for (const shell of SHELLS) {
  Deno.test({
    name:
      `completions in a real ${shell}: verbs, flags, live ids, waiting first (needs ${shell}, tmux)`,
    ignore: lacks(shell) || lacks("tmux"),
    async fn() {
      using home = await homeWithWorkers();
      const terminal = new ShellOnScreen(home, shell);
      try {
        const [, load] = SHELL_START[shell];
        terminal.type(`${load}; echo lo''aded`);
        terminal.press("Enter");
        await terminal.until((screen) => /^loaded/m.test(screen), "the completion loaded");
        await terminal.clear();

        // A verb that is the only one to begin so.
        terminal.type("looop jou");
        terminal.press("Tab");
        await terminal.until((screen) => screen.includes("looop journal"), "looop journal");
        await terminal.clear();

        // All flags of a verb.
        terminal.type("looop tick --");
        terminal.press("Tab", "Tab");
        await terminal.until(
          (screen) => ["--dry-run", "--force", "--help"].every((flag) => screen.includes(flag)),
          "the flags of tick",
        );
        await terminal.clear();

        // Live workers alone, the one that waits first.
        terminal.type("looop kill ");
        terminal.press("Tab", "Tab");
        const live = await terminal.until(
          (screen) => screen.includes("alpha") && screen.includes("beta"),
          "alpha and beta",
        );
        ok(live.lastIndexOf("beta") < live.lastIndexOf("alpha"), live);
        ok(!live.includes("gone") && !live.includes("pulse"), live);
        await terminal.clear();

        // A verb that reads takes what is over, too; behind a flag with a value as well.
        terminal.type("looop log --tail 5 go");
        terminal.press("Tab");
        await terminal.until((screen) => screen.includes("--tail 5 gone"), "gone");
        await terminal.clear();

        // The second argument is not an id.
        terminal.type("looop send alpha be");
        terminal.press("Tab");
        terminal.type("X");
        const second = await terminal.until((screen) => screen.includes("X"), "X behind it");
        ok(second.includes("alpha beX"), second);
        await terminal.clear();

        // Names of keys, however many; names of runners behind id and prompt alone.
        terminal.type("looop key alpha C-c PageU");
        terminal.press("Tab");
        await terminal.until((screen) => screen.includes("C-c PageUp"), "PageUp");
        await terminal.clear();
        terminal.type("looop start-session new 'do this' scr");
        terminal.press("Tab");
        await terminal.until((screen) => screen.includes("'do this' script"), "script");
        await terminal.clear();
        terminal.type("looop start-session new scr");
        terminal.press("Tab");
        terminal.type("X");
        const prompt = await terminal.until((screen) => screen.includes("X"), "X behind it");
        ok(prompt.includes("new scrX"), prompt);
      } finally {
        terminal.close();
        for (const id of ["alpha", "beta"]) await home.looop(["kill", id]);
      }
    },
  });
}

Deno.test("looop config names every verb, alias and flag for every shell", async () => {
  using home = new Home();
  const scripts = await Promise.all(SHELLS.map(async (shell) => {
    const { code, stdout, stderr } = await home.looop(["config", shell]);
    equal(code, 0, stderr);
    return [shell, stdout] as const;
  }));
  for (const [shell, script] of scripts) {
    for (const { names, flags } of completedVerbs(VERBS)) {
      for (const name of names) ok(script.includes(name), `${shell}: ${name}`);
      for (const { name } of flags) {
        const shown = shell === "fish" ? `-l ${name.slice(2)} ` : name;
        ok(script.includes(shown), `${shell}: ${names[0]} ${name}`);
      }
    }
  }
});

Deno.test({
  name: "the bash completion passes shellcheck (needs shellcheck)",
  ignore: lacks("shellcheck"),
  async fn() {
    using home = new Home();
    const { stdout } = await home.looop(["config", "bash"]);
    const file = `${home.dir}/looop.bash`;
    Deno.writeTextFileSync(file, stdout);
    const { code, stdout: found } = new Deno.Command("shellcheck", {
      args: ["--shell", "bash", file],
    }).outputSync();
    equal(code, 0, new TextDecoder().decode(found));
  },
});

Deno.test("looop config <unknown shell> exits 2 and names the shells", async () => {
  using home = new Home();
  const { code, stderr } = await home.looop(["config", "tcsh"]);
  equal(code, 2);
  match(stderr, /no completions for "tcsh"; write one of bash, zsh, fish/);
});

Deno.test("looop _ids runners names those that can run a worker, and nothing where the config is broken", async () => {
  using home = new Home();
  home.configure("true", {
    runners: { script: { interactive: "cat" }, decider: { tick: "true" } },
  });
  const { stdout } = await home.looop(["_ids", "runners"]);
  equal(stdout, "pi\trunner\nclaude\trunner\nscript\tthe default\n");
  Deno.writeTextFileSync(home.configPath, "{");
  const { code, stdout: none, stderr } = await home.looop(["_ids", "runners"]);
  equal(`${code}${none}${stderr}`, "0");
});

Deno.test("looop _ids is silent where there is no profile, so that Tab never prints an error", async () => {
  using home = new Home();
  for (const list of ["live", "sessions", "questions"]) {
    const { code, stdout, stderr } = await home.looop(["_ids", list]);
    equal(`${code}${stdout}${stderr}`, "0");
  }
});
