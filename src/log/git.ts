/**
 * Runs git in one folder, deaf to everything around it: no variable, hook, signature, editor,
 * monitor or setting of the machine or the person changes what it does.
 *
 * @module
 */
import { dirname } from "node:path";
import { feedChild, readOutput } from "../base/child_streams.ts";
import type { Environment } from "../profile/environment.ts";

/** Any single command; a repository of text files takes milliseconds. */
const TIMEOUT_MS = 60_000;

/** What git may see of the environment. Of `GIT_*` nothing: a hook or a script may have set it. */
const PASSED_VARIABLES = ["PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "USER", "LOGNAME", "TZ"];

const SETTINGS = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.excludesFile=/dev/null",
  "core.attributesFile=/dev/null",
  "core.editor=true",
  "core.pager=cat",
  "core.autocrlf=false",
  "core.safecrlf=false",
  "commit.gpgSign=false",
  "commit.template=",
  "commit.verbose=false",
  "gc.auto=0",
  "gc.autoDetach=false",
  "maintenance.auto=false",
  "init.defaultBranch=main",
  "i18n.commitEncoding=UTF-8",
  "advice.addEmbeddedRepo=false",
  "submodule.recurse=false",
];

/** What git writes is as private as the rest of the data dir; it has no setting that covers all files. */
const PRIVATE_GIT = 'umask 077; exec git "$@"';
/** The shell's exit code for it. */
const NO_SUCH_PROGRAM = 127;

/** How one git command ended. */
export interface GitResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run one git command. */
export interface GitOptions {
  /** Laid over the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Whether a repository above the folder counts as well; false where left out. */
  readonly looksAbove?: boolean;
}

/** Git in one folder. */
export class Git {
  constructor(readonly folder: string, readonly env: Environment) {}

  /**
   * Runs one command. A failure is a result, not an error.
   *
   * @throws {Deno.errors.NotFound} When git is not installed (or the folder is missing).
   */
  run(args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
    return this.#spawn([...SETTINGS.flatMap((setting) => ["-c", setting]), ...args], {
      ...options,
      env: { GIT_CONFIG_GLOBAL: "/dev/null", ...options.env },
    });
  }

  /** Reads one setting the way the person's own git would, or undefined where it is not set. */
  async findPersonalSetting(name: string): Promise<string | undefined> {
    const global = this.env("GIT_CONFIG_GLOBAL");
    const { code, stdout } = await this.#spawn(["config", "--get", name], {
      env: global === undefined ? {} : { GIT_CONFIG_GLOBAL: global },
      readsSystem: true,
    });
    return code === 0 ? stdout.trim() || undefined : undefined;
  }

  async #spawn(
    args: readonly string[],
    options: GitOptions & { readonly readsSystem?: boolean },
  ): Promise<GitResult> {
    const passed = PASSED_VARIABLES.flatMap((name) => {
      const value = this.env(name);
      return value === undefined ? [] : [[name, value]];
    });
    const child = new Deno.Command("sh", {
      args: ["-c", PRIVATE_GIT, "git", ...args],
      cwd: this.folder,
      clearEnv: true,
      env: {
        ...Object.fromEntries(passed),
        LC_ALL: "C", // Its messages are read below.
        GIT_TERMINAL_PROMPT: "0",
        GIT_LITERAL_PATHSPECS: "1",
        ...(options.looksAbove ? {} : { GIT_CEILING_DIRECTORIES: dirname(this.folder) }),
        ...(options.readsSystem ? {} : { GIT_CONFIG_NOSYSTEM: "1", GIT_ATTR_NOSYSTEM: "1" }),
        ...options.env,
      },
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      // Ctrl-C in the foreground must not tear a commit.
      detached: true,
    }).spawn();
    const timer = setTimeout(() => child.kill("SIGTERM"), TIMEOUT_MS);
    try {
      const [{ code }, stdout, stderr] = await Promise.all([
        child.status,
        readOutput(child.stdout),
        readOutput(child.stderr),
        feedChild(child, options.stdin),
      ]);
      if (code === NO_SUCH_PROGRAM) throw new Deno.errors.NotFound("git is not installed");
      return { code, stdout, stderr };
    } finally {
      clearTimeout(timer);
    }
  }
}
