/**
 * The texts that the binary carries. Imported only by what needs them.
 *
 * @module
 */
import config from "../../seeds/looop.jsonc" with { type: "text" };
import contract from "../../seeds/contract.md" with { type: "text" };
import decide from "../../seeds/decide.md" with { type: "text" };
import gitignore from "../../seeds/gitignore" with { type: "text" };
import playbookDaily from "../../seeds/goals/playbook-daily.md" with { type: "text" };
import setup from "../../seeds/goals/setup.md" with { type: "text" };
import playbook from "../../seeds/PLAYBOOK.md" with { type: "text" };
import today from "../../seeds/sensors/today.sh" with { type: "text" };

/** One file of a fresh profile. */
export interface SeedFile {
  /** Relative to the data dir. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** The files of a fresh profile, in the order in which they are written. */
export const SEED_FILES: readonly SeedFile[] = [
  { path: ".gitignore", text: gitignore, mode: 0o600 },
  { path: "goals/setup.md", text: setup, mode: 0o600 },
  { path: "goals/playbook-daily.md", text: playbookDaily, mode: 0o600 },
  { path: "sensors/today.sh", text: today, mode: 0o700 },
  { path: "PLAYBOOK.md", text: playbook, mode: 0o600 },
];

/** The config of a first run; `{{default}}` stands for the runner's name. */
export const SEED_CONFIG: string = config;

/** The instructions of every decide prompt. */
export const DECIDE_INSTRUCTIONS: string = decide;

/** The contract that stands before every worker's prompt. */
export const WORKER_CONTRACT: string = contract;
