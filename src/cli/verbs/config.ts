/**
 * `looop config bash|zsh|fish`: the shell's completion, made from the verbs' records.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = typeof SHELLS[number];

export const config = defineVerb<NoFlags, [Shell]>({
  name: "config",
  group: "setup",
  brief: "Print shell completions, with live ids",
  detail: 'In ~/.bashrc: eval "$(looop config bash)". In ~/.zshrc: eval "$(looop config zsh)". ' +
    "In ~/.config/fish/config.fish: looop config fish | source. " +
    "Settings are another matter: `looop help env` lists them, with their keys in the config file.",
  example: 'eval "$(looop config bash)"',
  completes: SHELLS,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "shell", brief: SHELLS.join(", "), parse: parseShell }],
    },
  },
  run: printCompletion,
});

async function printCompletion(this: CliContext, _flags: NoFlags, shell: Shell): Promise<void> {
  const [{ VERBS }, { completedVerbs }] = await Promise.all([
    import("../verbs.ts"),
    import("../completions/completed_verb.ts"),
  ]);
  const verbs = completedVerbs(VERBS);
  if (shell === "bash") {
    this.print((await import("../completions/bash.ts")).bashCompletion(verbs));
  } else if (shell === "zsh") {
    this.print((await import("../completions/zsh.ts")).zshCompletion(verbs));
  } else this.print((await import("../completions/fish.ts")).fishCompletion(verbs));
}

function parseShell(text: string): Shell {
  const shell = SHELLS.find((known) => known === text);
  if (shell) return shell;
  throw new UsageError(`no completions for "${text}"`, `write one of ${SHELLS.join(", ")}`);
}
