/**
 * Hands the gate what a move would run or type.
 *
 * @module
 */
import { type GateRules, judgeCommand, type Judgement, judgeTyped, textOfKeys } from "./gate.ts";
import type { Move } from "./moves.ts";

const ALLOWED: Judgement = { verdict: "allow", rule: "", matched: "" };

/** Judges one move. Only commands, scripts and typed input can be held. */
export function judgeMove(move: Move, rules: GateRules): Judgement {
  switch (move.action) {
    case "run_shell":
      return judgeCommand(move.cmd, rules);
    case "write_sensor":
      return judgeCommand(move.script, rules);
    case "steer_session":
      return judgeTyped(move.input, rules);
    case "send_key":
      return judgeTyped(textOfKeys(move.keys), rules);
    default:
      return ALLOWED;
  }
}

/** Returns what of a move is executed, and nothing else: a yes is bound to exactly this. */
export function essenceOf(move: Move): Move {
  switch (move.action) {
    case "run_shell":
      return { action: move.action, cmd: move.cmd };
    case "write_sensor":
      return { action: move.action, name: move.name, script: move.script };
    case "steer_session":
      return { action: move.action, id: move.id, input: move.input };
    case "send_key":
      return { action: move.action, id: move.id, keys: move.keys };
    default:
      return move;
  }
}

/** Shows what a move would run or type, for the human who is asked. */
export function textOfMove(move: Move): string {
  switch (move.action) {
    case "run_shell":
      return move.cmd;
    case "write_sensor":
      return `sensors/${move.name}.sh:\n${move.script}`;
    case "steer_session":
      return `type into ${move.id}: ${move.input}`;
    case "send_key":
      return `press in ${move.id}: ${move.keys.join(" ")}`;
    default:
      return move.action;
  }
}

/**
 * Returns which of PLAYBOOK and goals a move writes, relative to the data dir; "any" for a command,
 * of which nobody can tell.
 */
export function filesOf(move: Move): readonly string[] | "any" {
  switch (move.action) {
    case "run_shell":
      return "any";
    case "write_goal":
    case "archive_goal":
      return [`goals/${move.id}.md`];
    case "write_playbook":
      return ["PLAYBOOK.md"];
    default:
      return [];
  }
}
