/**
 * What the reader cannot see through, and looop's own doors: answering oneself, taking off the mark.
 *
 * @module
 */
import { absolutePath, isWithin, type Place } from "./place.ts";
import { asks, type GateRule, hasFlag, isHelp, operands } from "./rule.ts";
import type { SimpleCommand } from "./simple_command.ts";
import { isShell, sourcesInput } from "./wrappers.ts";

/** Programs that can write or remove a file that they are given by name. */
const WRITERS =
  /^(rm|unlink|shred|mv|cp|tee|sponge|g?sed|ln|touch|truncate|dd|install|rsync|chmod|chown|ed|ex|vim?|nvim|nano|find|mkdir|mkfifo|tar|unzip|python[\d.]*|node|deno|bun|perl|ruby|awk|sqlite3?)$/;

/** Programs whose subcommand decides; one that is computed could be any of them. */
const HAS_SUBCOMMANDS =
  /^(gh|glab|kubectl|helm|terraform|tofu|docker|podman|npm|pnpm|yarn|cargo|aws|gcloud|az|looop|systemctl)$/;

/** Verbs of looop that drive a worker or the loop; without a verb it runs the loop. */
const DRIVING_VERBS =
  /^(send|key|expect|restart|unflag|kill|start-session|tick|run|attach|_pulse|_supervise|_cost)$/;

export const SELF_RULES: readonly GateRule[] = [
  asks(
    "computed-command",
    ({ isComputed, writtenAs }) =>
      isComputed && writtenAs !== '"$@"' && writtenAs !== "$@" && writtenAs !== "<input>",
  ),
  asks(
    "computed-command",
    ({ program, args }) => HAS_SUBCOMMANDS.test(program) && args[0]?.isComputed === true,
  ),
  asks("hidden-command", ({ assignments }) => assignments.some(namesAProgram)),
  asks(
    "remote-code",
    ({ program, words }) =>
      /^(deno|bun|npx|bunx|pnpx|uvx|pipx|npm|pnpm|yarn|uv)$/.test(program) &&
      words.some((word) => /^(run|exec|dlx|x)$/.test(word) || /x$/.test(program)) &&
      words.some((word) => /^(git\+|https?:)/.test(word)),
  ),
  asks(
    "shell-fed-unseen",
    ({ program, words }) =>
      (isShell(program) || program === "source" || program === ".") &&
      words.some((word) => word.startsWith("<(")),
  ),
  asks(
    "shell-fed-unseen",
    ({ program, words, input }) =>
      isShell(program) && input.kind === "unknown" &&
      (/^\/(dev|proc)\//.test(words[0] ?? "") ||
        words.every((word) => word.startsWith("-") && !/^-\w*c/.test(word)) ||
        /^-\w*s/.test(words[0] ?? "")),
  ),
  asks(
    "shell-fed-unseen",
    (command) => sourcesInput(command) && command.input.kind !== "literal",
  ),
  asks(
    "answer-oneself",
    ({ program, words }) =>
      program === "looop" && words[0] !== "help" && words.some((word) => word === "answer"),
  ),
  asks("answer-oneself", ({ assignments, program, words }) => {
    const mark = /^LOOOP_(INSIDE|SESSION_ID)\b/;
    return assignments.some((assignment) => mark.test(assignment)) ||
      (/^(env|unset|export|declare|typeset|readonly)$/.test(program) &&
        words.some((word) => mark.test(word))) ||
      (program === "env" && words.some((word) => /^-(i|-ignore-environment|)$/.test(word)) &&
        words.some((word) => /looop$/.test(word)));
  }),
  asks("drive-looop", ({ program, words }) => {
    if (program !== "looop" || isHelp(words) || words.includes("-h")) return false;
    const [verb] = words;
    return verb === undefined || DRIVING_VERBS.test(verb) || /^-(?!-version$|V$)/.test(verb);
  }),
  asks("looop-records", (command, place) => {
    const targets = [
      ...command.writesTo.map(({ value }) => value),
      ...(WRITERS.test(command.program) ? writable(command) : []),
    ];
    return targets.some((word) => isRecord(word, command, place));
  }),
];

/** Variables whose value a program would run or load; pagers and editors that do nothing are fine. */
function namesAProgram(assignment: string): boolean {
  const [, name = "", value = ""] = /^(\w+)=([^]*)$/.exec(assignment) ?? [];
  if (/^(LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|BASH_ENV|ENV|PROMPT_COMMAND|PATH)$/.test(name)) {
    // A project's own tools in front of the others are how its scripts are run anyway.
    const path = value.replace(/^["']/, "")
      .replace(/(^|:)(\.\/)?(node_modules\/\.bin|\.?venv\/bin)(?=:|$)/g, "$1/usr/bin");
    return name !== "PATH" || /(^|:)[^/$~]|^\.|\/tmp/.test(path);
  }
  if (
    !/^(\w*EDITOR|VISUAL|\w*PAGER|GIT_\w*(COMMAND|ASKPASS|DIFF)|RSYNC_RSH|SSH_ASKPASS)$/.test(name)
  ) {
    return false;
  }
  return !/^["']?(|true|:|cat|less|more|vim?|nvim|nano|emacs|code -w|ssh( -[\w ]+)?)["']?$/.test(
    value,
  );
}

/** The words that may name a file which is written: copying from a record, or looking into it, is free. */
function writable({ program, words }: SimpleCommand): readonly string[] {
  if (program === "cp") {
    return hasFlag(words, "t", "target-directory") ? words : operands(words).slice(-1);
  }
  const isReading = /^g?sed$/.test(program)
    ? !hasFlag(words, "i", "in-place")
    : program === "awk"
    ? !words.some((word) => /inplace|[>|]|system/.test(word))
    : program === "find"
    ? !words.some((word) => /^-(delete|exec|ok|fprint|fls)/.test(word))
    : program === "tar" && /^-?\w*[ct]/.test(words[0] ?? "") && !words.includes("--remove-files");
  return isReading ? [] : words;
}

/** Questions, intent, lock and ledger: forging one would be a yes, or a cap that means nothing. */
function isRecord(word: string, { folders }: SimpleCommand, place: Place): boolean {
  if (word === "" || word.startsWith("-") || word.length > 4096) return false;
  return folders.some((folder) => {
    const path = absolutePath(word, folder, place);
    return ["asks", ".intent", "cost.jsonl", ".lock"].some((name) =>
      isWithin(path, absolutePath(name, place.dataDir, place))
    );
  });
}
