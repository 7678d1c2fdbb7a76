/**
 * The changes that would wake the loop, as something that a person can type and a program can apply.
 *
 * @module
 */
import { join } from "node:path";
import type { NeededChange } from "../diff/wake_advice.ts";
import type { Environment } from "../profile/environment.ts";
import { KNOBS } from "../profile/knobs.ts";
import type { Profile } from "../profile/profile.ts";
import { quoteForShell } from "../profile/runners.ts";

/** One step. */
export type WakeStep =
  | {
    readonly kind: "wait" | "edit" | "answer";
    readonly text: string;
    /** What to type; null where nothing can be typed. */
    readonly command: string | null;
    /** The file that an edit is to. */
    readonly file?: string;
    readonly question?: string;
  }
  | {
    readonly kind: "raise";
    readonly text: string;
    /** A line for the shell where the environment sets the limit; null where the config does. */
    readonly command: string | null;
    readonly env: string;
    readonly config_key: string;
    readonly config_path: string;
    /** The lowest value that will do; null takes the limit away. */
    readonly value: number | null;
  };

/** Turns needed changes into steps. */
export function describeNeeded(
  needed: readonly NeededChange[],
  { profile, env }: { readonly profile: Profile; readonly env: Environment },
): WakeStep[] {
  return needed.map((change) => {
    if (change.kind === "edit") {
      const file = smallestFile(profile);
      const command = `echo >> ${quoteForShell(file)}`;
      return {
        kind: "edit",
        text: "edit PLAYBOOK or a goal, if only by a line end",
        command,
        file,
      };
    }
    if (change.kind === "forget") {
      const file = profile.paths.decides;
      const text = "remove the count of LLM calls, which cannot be read";
      return { kind: "edit", text, command: `rm ${quoteForShell(file)}`, file };
    }
    const { env: variable, configKey } = KNOBS[change.limit];
    const { value } = change;
    const isInEnv = env(variable) !== undefined;
    const text = value === null
      ? `take ${isInEnv ? variable : configKey} away, or mend what keeps its sum from being known`
      : isInEnv
      ? `raise ${variable} to ${value}`
      : `raise ${configKey} to ${value} in ${profile.configPath}`;
    const command = !isInEnv
      ? null
      : value === null
      ? `unset ${variable}`
      : `export ${variable}=${value}`;
    const config_path = profile.configPath;
    return {
      kind: "raise",
      text,
      command,
      env: variable,
      config_key: configKey,
      config_path,
      value,
    };
  });
}

/** The line that answers a question. */
export function answerCommand({ id, kind }: {
  readonly id: string;
  readonly kind: "worker" | "gate";
}): string {
  return `looop answer ${id} ${kind === "gate" ? "yes" : "'…'"}`;
}

/** A goal, else the PLAYBOOK. */
function smallestFile({ paths }: Profile): string {
  try {
    const [first] = [...Deno.readDirSync(paths.goalsDir)]
      .filter(({ name, isFile }) => isFile && name.endsWith(".md") && !name.startsWith("."))
      .map(({ name }) => name).sort();
    if (first !== undefined) return join(paths.goalsDir, first);
  } catch {
    // No goals that can be listed.
  }
  return paths.playbook;
}
