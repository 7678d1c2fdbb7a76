/**
<<<<<<< HEAD
 * Hands the gate what a move would run or type.
=======
 * Which part of a move the gate reads, and the words in which the human is asked about it.
>>>>>>> gate
 *
 * @module
 */
import { type GateRules, judgeCommand, type Judgement, judgeTyped, textOfKeys } from "./gate.ts";
<<<<<<< HEAD
import type { Move } from "./moves.ts";

const ALLOWED: Judgement = { verdict: "allow", rule: "", matched: "" };

/** Judges one move. Only commands, scripts and typed input can be held. */
export function judgeMove(move: Move, rules: GateRules): Judgement {
=======

/** A move as far as the gate cares; every other action passes. */
export type GatedMove =
  | { readonly action: "run_shell"; readonly cmd: string; readonly reason?: string }
  | { readonly action: "write_sensor"; readonly name: string; readonly script: string }
  | { readonly action: "steer_session"; readonly id: string; readonly input: string }
  | { readonly action: "send_key"; readonly id: string; readonly keys: readonly string[] };

const ACTIONS: ReadonlySet<string> = new Set(
  ["run_shell", "write_sensor", "steer_session", "send_key"] satisfies GatedMove["action"][],
);

/** Tells whether the gate has a say in a move. */
export function isGated<M extends { readonly action: string }>(
  move: M,
): move is Extract<M, { readonly action: GatedMove["action"] }> {
  return ACTIONS.has(move.action);
}

/** Judges one move. */
export function judgeMove(move: GatedMove, rules: GateRules): Judgement {
>>>>>>> gate
  switch (move.action) {
    case "run_shell":
      return judgeCommand(move.cmd, rules);
    case "write_sensor":
      return judgeCommand(move.script, rules);
    case "steer_session":
      return judgeTyped(move.input, rules);
    case "send_key":
      return judgeTyped(textOfKeys(move.keys), rules);
<<<<<<< HEAD
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
=======
  }
}

/** Writes the question to the human: all of what would happen, then the rule that stopped it. */
export function gatePrompt(move: GatedMove, { rule, matched }: Judgement): string {
  return `${describe(move)}\nstopped by the rule ${rule}: ${matched}`;
}

function describe(move: GatedMove): string {
  switch (move.action) {
    case "run_shell":
      return `May looop run this command?\n${indent(move.cmd)}` +
        (move.reason === undefined ? "" : `\nits reason: ${move.reason}`);
    case "write_sensor":
      return `May looop write the sensor ${move.name}, which then runs on every beat?\n${
        indent(move.script)
      }`;
    case "steer_session":
      return `May looop type this into the worker ${move.id}?\n${indent(move.input)}`;
    case "send_key":
      return `May looop send these keys to the worker ${move.id}?\n${indent(move.keys.join(" "))}`;
  }
}

function indent(text: string): string {
  return text.split("\n").map((line) => `    ${line}`).join("\n");
>>>>>>> gate
}
