/**
 * The runners that looop knows without being told: how to run pi and Claude Code.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";

/** Shell commands of one agent program; run by `bash -o pipefail -c`. */
export interface Runner {
  /** Makes one decision and exits. */
  readonly tick?: string;
  /** Opens the agent's own screen for a worker. */
  readonly interactive?: string;
  /** Goes on after `restart`; `interactive` where unset. */
  readonly resume?: string;
}

/**
 * Holds pi's decider to its one file: by itself its `write` writes anywhere (seen with 0.87), and a
 * sensor or a config written by the decider would be run. An extension that pi cannot load stops it.
 */
const PI_WRITES_ONLY_THE_DECISION =
  '$(echo \'export default (pi) => pi.on("tool_call", ({ input }) => ' +
  '[".decision.json", process.env.LOOOP_DECISION_FILE].includes(input.path) ? undefined : ' +
  '{ block: true, reason: "write .decision.json and nothing else" })\' > only_decision.mjs' +
  " && echo ./only_decision.mjs)";

/**
 * A decider has one tool, the one that writes a file, no shell, no network, and bypasses no
 * permission. Prompts come on standard input; the stream goes through `_fmt`, which meters it.
 *
 * Claude Code is told to leave out the data dir's git log: its subjects would be unquoted text.
 *
 * A worker keeps its conversation under an id or in a folder of its own, so that `resume` finds it
 * among others that began in the same working directory.
 */
export const BUILT_IN_RUNNERS: Readonly<Record<string, Runner>> = {
  pi: {
    tick: "pi -p --mode json -ne -nc -ns -np --no-session --tools write -e " +
      `"${PI_WRITES_ONLY_THE_DECISION}" | "$LOOOP_BIN" _fmt pi`,
    interactive: 'pi --session-dir {{prompt_file}}.pi "$(cat {{prompt_file}})"',
    resume: "pi --session-dir {{prompt_file}}.pi --continue",
  },
  claude: {
    tick: "claude -p --output-format stream-json --verbose --tools Write " +
      "--strict-mcp-config --disable-slash-commands --permission-mode " +
      "acceptEdits --no-session-persistence --settings " +
      `'{"includeGitInstructions":false}' | "$LOOOP_BIN" _fmt claude`,
    interactive: 'claude --session-id "$( (uuidgen || cat /proc/sys/kernel/random/uuid) ' +
      '2>/dev/null | tee {{prompt_file}}.claude)" "$(cat {{prompt_file}})"',
    resume: 'claude --resume "$(cat {{prompt_file}}.claude)"',
  },
};

/** The runner used where the config names none. */
export const DEFAULT_RUNNER = "pi";

/**
 * Returns a shell-ready command: the placeholder becomes the prompt file's quoted path.
 *
 * @param command A runner's command.
 * @param promptFile Absolute path of the prompt.
 */
export function fillPromptFile(command: string, promptFile: string): string {
  return command.replaceAll("{{prompt_file}}", () => quoteForShell(promptFile));
}

/** Tells whether a command reads the prompt from its file rather than from standard input. */
export function namesPromptFile(command: string): boolean {
  return command.includes("{{prompt_file}}");
}

/** Quotes one word for a POSIX shell. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What bash does itself: a command that begins so says nothing of which program it needs. */
const SHELL_WORDS: readonly string[] =
  ("case cd eval exit export for if read set shopt source time trap ulimit umask unset until while " +
    ".").split(" ");

/**
 * Returns the program that a runner's command starts with, so that a preflight can look for it;
 * undefined where the command begins in another way (a subshell, a variable, a word of the shell's).
 */
export function programOf(command: string): string | undefined {
  const [, program] =
    /^\s*(?:(?:[A-Za-z_]\w*=\S*|exec|command|env|nohup)\s+)*([\w./+-]+)(?=\s|$)/.exec(command) ??
      [];
  return program === undefined || SHELL_WORDS.includes(program) ? undefined : program;
}

/**
 * Finds one of a runner's commands.
 *
 * @throws {LooopError} When there is no such runner or it lacks the command.
 */
export function getRunnerCommand(
  runners: Readonly<Record<string, Runner>>,
  name: string,
  kind: keyof Runner,
): string {
  const runner = Object.hasOwn(runners, name) ? runners[name] : undefined;
  if (!runner) {
    throw new LooopError(`no runner "${name}"`, {
      hint: `name one of ${Object.keys(runners).join(", ")}, or add runners.${name} to the config`,
    });
  }
  const command = runner[kind] ?? (kind === "resume" ? runner.interactive : undefined);
  if (command !== undefined) return command;
  throw new LooopError(`runner "${name}" has no "${kind}" command`, {
    hint: `add runners.${name}.${kind} to the config`,
  });
}
