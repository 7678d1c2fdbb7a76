/**
 * git: whatever leaves the machine, and whatever takes commits or uncommitted work away.
 *
 * @module
 */
import { asks, type GateRule, hasFlag, isDryRun, isHelp, operands } from "./rule.ts";
import type { SimpleCommand } from "./simple_command.ts";

/** Options before the subcommand that take the next word. */
const TAKES_VALUE =
  /^(-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--super-prefix|--config-env|--attr-source)$/;

/** The subcommand and what follows it, without git's own options before it. */
function splitGit(
  command: SimpleCommand,
): { name: string; rest: readonly string[]; config: readonly string[] } {
  const config: string[] = [];
  const { words } = command;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (TAKES_VALUE.test(word)) {
      if (word === "-c") config.push(words[at + 1] ?? "");
      at++;
    } else if (!word.startsWith("-")) {
      return {
        name: command.args[at]!.isComputed ? "<computed>" : word,
        rest: words.slice(at + 1),
        config,
      };
    }
  }
  return { name: "", rest: [], config };
}

type GitCheck = (rest: readonly string[]) => boolean;

/** Subcommand -> does this call need a yes. */
const CHECKS: Readonly<Record<string, GitCheck>> = {
  reset: (rest) => hasFlag(rest, "", "hard", "merge", "keep"),
  clean: (rest) => !hasFlag(rest, "n", "dry-run"),
  rebase: (rest) =>
    !rest.some((word) => /^--(abort|quit|continue|skip|show-current-patch)$/.test(word)),
  merge: (rest) => !rest.some((word) => /^--(abort|quit|continue)$/.test(word)),
  branch: (rest) =>
    hasFlag(rest, "DMCf", "force") &&
    !rest.some((word) => /^--format/.test(word) && !/^--force/.test(word)),
  tag: (rest) => hasFlag(rest, "df", "delete", "force"),
  checkout: (rest) =>
    hasFlag(rest, "fBp", "force", "patch") || namesPaths(rest) || rest.includes("--") ||
    rest.includes(".") ||
    rest.includes("--ours") ||
    rest.includes("--theirs"),
  "checkout-index": (rest) => hasFlag(rest, "f", "force"),
  "read-tree": (rest) => hasFlag(rest, "", "reset"),
  fetch: forcesRefs,
  pull: forcesRefs,
  switch: (rest) => hasFlag(rest, "fC", "force", "discard-changes", "force-create"),
  restore: (rest) => !hasFlag(rest, "S", "staged") || hasFlag(rest, "W", "worktree"),
  stash: (rest) => /^(drop|clear)$/.test(rest[0] ?? ""),
  reflog: (rest) => /^(expire|delete)$/.test(rest[0] ?? ""),
  gc: (rest) => rest.some((word) => word.startsWith("--prune") || word === "--aggressive"),
  prune: (rest) => !hasFlag(rest, "n", "dry-run"),
  "filter-branch": () => true,
  "filter-repo": (rest) => !rest.includes("--analyze"),
  "update-ref": () => true,
  "symbolic-ref": (rest) => hasFlag(rest, "d", "delete"),
  replace: (rest) => hasFlag(rest, "df", "delete", "force"),
  worktree: (rest) => rest[0] === "remove" && hasFlag(rest, "f", "force"),
  submodule: (rest) => rest.includes("deinit") && hasFlag(rest, "f", "force", "all"),
  rm: (rest) => hasFlag(rest, "f", "force"),
};

/** `git checkout src/main.ts`, `git checkout HEAD~3 src`: what is not committed there is gone. */
function namesPaths(rest: readonly string[]): boolean {
  if (hasFlag(rest, "bt", "orphan", "track")) return false;
  const names = operands(rest);
  return names.length > 1 || names.some((name) =>
    /\.[A-Za-z]\w*$|\/$/.test(name) &&
    !/\d\.x$/.test(name)
  );
}

/** A refspec with `+`, or any under `--force`, overwrites a branch. */
function forcesRefs(rest: readonly string[]): boolean {
  return rest.some((word) => /^\+./.test(word)) ||
    (hasFlag(rest, "f", "force") &&
      rest.some((word) => word.includes(":") && !/:\/\/|@/.test(word)));
}

/** Editors and pagers that show and edit, as a value of git's settings for them. */
const HARMLESS_VALUE =
  /^["']?(|true|false|cat|more|less( -\w+)*|vim?|nvim|nano|emacs|hx|delta|(code|subl)( (-w|-n|--wait|-nw))*)["']?$/;

function isHarmless(name: string, value: string): boolean {
  return /^(core\.(editor|pager)|sequence\.editor|pager\.\w+)$/i.test(name) &&
    HARMLESS_VALUE.test(value);
}

const PUBLISHING =
  /^(push|send-email|send-pack|imap-send|svn|p4|lfs-push|review|http-push|remote-http)$/;

/** Subcommands by which other version control leaves the machine, or makes others see something. */
const ELSEWHERE: Readonly<Record<string, RegExp>> = {
  hg: /^(push|email|phase)$/,
  sl: /^(push|cloud|land|pr)$/,
  svn: /^(commit|ci|import|delete|del|remove|rm|copy|cp|move|mv|mkdir|propset|lock|unlock)$/,
  bzr: /^(push|commit)$/,
  brz: /^(push|commit)$/,
  fossil: /^(push|sync|commit|ci)$/,
  darcs: /^(push|send)$/,
  cvs: /^(commit|ci|import|tag|rtag)$/,
  p4: /^(submit|shelve|delete|obliterate)$/,
  hub: /^(push|pull-request|merge|release|delete|fork|create|sync|issue|gist|api)$/,
  gt: /^(submit|s|ss|merge)$/,
  spr: /^(diff|land)$/,
  arc: /^(diff|land|commit)$/,
};

export const GIT_RULES: readonly GateRule[] = [
  asks("git-push", (command) => {
    if (command.program !== "git" || isHelp(command.words)) return false;
    const { name, rest } = splitGit(command);
    if (name === "push") return !hasFlag(rest, "n", "dry-run");
    if (name === "svn" || name === "p4") {
      return /^(dcommit|submit|set-tree|commit-diff)$/.test(rest[0] ?? "");
    }
    if (name === "subtree") return rest.includes("push");
    if (name === "lfs") return rest[0] === "push" || rest[0] === "prune";
    return PUBLISHING.test(name) && !isDryRun(rest);
  }),
  asks("other-push", ({ program, words }) => {
    if (isHelp(words) || isDryRun(words)) return false;
    if (program === "jj") return words.includes("git") && words.includes("push");
    return Object.hasOwn(ELSEWHERE, program) &&
      words.some((word) => ELSEWHERE[program]!.test(word));
  }),
  asks("git-rewrite", (command) => {
    if (command.program !== "git" || isHelp(command.words)) return false;
    const { name, rest } = splitGit(command);
    return Object.hasOwn(CHECKS, name) && CHECKS[name]!(rest);
  }),
  asks("git-hidden-command", (command) => {
    if (command.program !== "git") return false;
    const { name, rest, config } = splitGit(command);
    const runs = (setting: string, behind = "") =>
      !isHarmless(setting.split("=")[0]!, setting.split("=")[1] ?? behind) &&
      (/^alias\./i.test(setting) ||
        /(command|hookspath|sshcommand|pager|editor|askpass|fsmonitor|helper|driver|textconv)\b/i
          .test(setting.split("=")[0] ?? ""));
    return name === "<computed>" || config.some((setting) => runs(setting)) ||
      (name === "config" && rest.some((word, at) => runs(word, rest[at + 1])) &&
        !rest.some((word) => /^--?(get|list|l$)/.test(word)) && rest.length > 1);
  }),
];
