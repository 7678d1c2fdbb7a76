/**
 * Names what a beat needs and this machine lacks, before anything is started.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";
import type { Environment } from "../profile/environment.ts";
import { findProgram } from "../profile/find_program.ts";
import { getRunnerCommand, programOf } from "../profile/runners.ts";
import type { Settings } from "./beat_context.ts";

const HOW_TO_INSTALL: Readonly<Record<string, string>> = {
  pi: "npm install -g @earendil-works/pi-coding-agent",
  claude: "npm install -g @anthropic-ai/claude-code",
};

/** Which command is about to be run. */
export interface AgentUse {
  readonly kind?: "tick" | "interactive";
  /** A runner's name; the config's default where left out. */
  readonly runner?: string | undefined;
}

/**
 * Checks that the configured agent program is there.
 *
 * @throws {LooopError} Saying what to install, and that the demo needs none.
 */
export function requireAgent(settings: Settings, env: Environment, use: AgentUse = {}): void {
  const { defaultRunner, runners } = settings.config;
  const runner = use.runner ?? defaultRunner;
  const program = programOf(getRunnerCommand(runners, runner, use.kind ?? "tick"));
  if (program === undefined || findProgram(program, env) !== undefined) return;
  const { [program]: install, ...others } = HOW_TO_INSTALL;
  const orElse = Object.entries(others).map(([name, how]) => `${name} (${how})`).join(" or ");
  throw new LooopError(`the agent program "${program}" of runner "${runner}" is not installed`, {
    hint: (install
      ? `install it (${install}) or ${orElse}, and name the runner as "default" in the config`
      : `install "${program}", or name another runner as "default" in the config`) +
      "; `looop demo` needs none",
  });
}
