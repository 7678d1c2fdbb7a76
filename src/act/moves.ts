/**
 * The moves that looop can make. A checked decision fits one of these; who decided does not matter.
 *
 * @module
 */

/** One move, ready to be executed. */
export type Move =
  | { readonly action: "noop"; readonly reason: string }
  | { readonly action: "run_shell"; readonly cmd: string }
  | { readonly action: "write_goal"; readonly id: string; readonly body: string }
  | { readonly action: "archive_goal"; readonly id: string }
  | { readonly action: "write_sensor"; readonly name: string; readonly script: string }
  | { readonly action: "write_playbook"; readonly body: string }
  | {
    readonly action: "start_worker";
    readonly id: string;
    readonly prompt: string;
    readonly runner?: string | undefined;
  }
  | { readonly action: "steer_session"; readonly id: string; readonly input: string }
  | { readonly action: "send_key"; readonly id: string; readonly keys: readonly string[] }
  | { readonly action: "restart_session"; readonly id: string }
  | { readonly action: "send_notification"; readonly message: string };

/** One move of a given action. */
export type MoveOf<A extends Move["action"]> = Extract<Move, { readonly action: A }>;

/** What a move did. */
export interface Effect {
  /** The journal's account of it, before the LLM's own words. */
  readonly summary: string;
  /** Why it failed after it was started; such a move is never repeated by looop itself. */
  readonly failure?: string;
  /** What a command printed and how it ended. */
  readonly shell?: { readonly exit_code: number; readonly output_tail: string };
}
