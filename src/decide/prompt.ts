/**
 * Builds the prompt of one beat. What seldom changes stands first, so that a provider's prompt cache
 * can hit; what comes from outside is quoted line by line.
 *
 * @module
 */
import type { Json } from "../base/canonical_json.ts";
import { cutFairly, type CutText, type NamedText } from "./fair_share.ts";
import { item, quoteInline, quoteOutside, section } from "./fence.ts";

/** Most characters of each part; what is beyond is cut, and the cut is said. */
export const PROMPT_CAPS = {
  playbook: 64 * 1024,
  goals: 128 * 1024,
  readings: 128 * 1024,
  changes: 16 * 1024,
  failure: 8 * 1024,
  questions: 16 * 1024,
} as const;

/** A reading as the prompt shows it. */
export interface PromptReading {
  readonly name: string;
  readonly reading: Json;
  /** Its signal changed on several decided beats in a row. */
  readonly isFlapping: boolean;
}

/** One difference since the last decided beat. */
export interface PromptChange {
  readonly where: string;
  readonly kind: "added" | "removed" | "changed";
  readonly pointer?: string;
  readonly old?: Json;
  readonly new?: Json;
}

/** A question that waits for the human, or the answer that came. */
export interface PromptQuestion {
  readonly id: string;
  readonly session: string;
  readonly prompt: string;
  readonly answer?: string;
}

/** Everything that a prompt says. */
export interface PromptParts {
  /** looop's own words: the rules and the action schema. */
  readonly instructions: string;
  readonly playbook: string;
  readonly goals: readonly NamedText[];
  readonly readings: readonly PromptReading[];
  readonly journal: readonly string[];
  /** Undefined on the first beat: there is nothing to compare with. */
  readonly changes: readonly PromptChange[] | undefined;
  readonly lastFailure: string | undefined;
  /** How the last `run_shell` went. */
  readonly lastOutcome: string | undefined;
  readonly questions: readonly PromptQuestion[];
  readonly answers: readonly PromptQuestion[];
  readonly now: string;
  /** Counts decided beats; moves the turn of what is cut. */
  readonly turn: number;
}

/** Builds the prompt. */
export function buildPrompt(parts: PromptParts): string {
  const readings = parts.readings.map(({ name, reading, isFlapping }) => ({
    name: isFlapping ? `${name} (flapping: its signal keeps changing)` : name,
    text: JSON.stringify(reading, undefined, 1),
  }));
  return [
    parts.instructions.trimEnd() + "\n",
    section("PLAYBOOK", body("PLAYBOOK.md", parts.playbook, PROMPT_CAPS.playbook)),
    section("GOALS", items("goal", cutFairly(parts.goals, PROMPT_CAPS.goals, parts.turn))),
    section("READINGS", items("sensor", cutFairly(readings, PROMPT_CAPS.readings, parts.turn))),
    section("JOURNAL (the last lines)", listOr("The journal is empty.", parts.journal)),
    section("PENDING QUESTIONS (wait for the human; do not ask again)", questions(parts.questions)),
    section("ANSWERS SINCE THE LAST DECIDED BEAT", questions(parts.answers)),
    section("WHAT CHANGED SINCE THE LAST DECIDED BEAT", describeChanges(parts.changes)),
    section("LAST OUTCOME", body("of the last run_shell", parts.lastOutcome, PROMPT_CAPS.failure)),
    section("LAST FAILURE", body("of the last beat", parts.lastFailure, PROMPT_CAPS.failure)),
    section("NOW", parts.now),
    "Decide. Write exactly one JSON object to `.decision.json` in your working directory, then stop.\n",
  ].join("\n");
}

function body(label: string, text: string | undefined, cap: number): string {
  if (text === undefined || text.trim() === "") return "None.\n";
  const [cut] = cutFairly([{ name: label, text }], cap, 0);
  return items("", [cut!]);
}

function items(kind: string, texts: readonly CutText[]): string {
  if (texts.length === 0) return "None.\n";
  return texts.map(({ name, text, cut }) => {
    const label = kind === "" ? name : `${kind} ${quoteInline(name)}`;
    return item(cut > 0 ? `${label} [cut: ${cut} more characters]` : label, text);
  }).join("\n");
}

function listOr(empty: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${empty}\n` : quoteOutside(lines.join("\n")) + "\n";
}

function questions(list: readonly PromptQuestion[]): string {
  const texts = list.flatMap(({ id, session, prompt, answer }) => [
    { name: `${id} of ${session}`, text: prompt },
    ...(answer === undefined ? [] : [{ name: `${id}, the human's answer`, text: answer }]),
  ]);
  return items("question", cutFairly(texts, PROMPT_CAPS.questions, 0));
}

function describeChanges(changes: readonly PromptChange[] | undefined): string {
  if (changes === undefined) return "This is the first beat.\n";
  const lines = changes.map(describeChange);
  const shown: string[] = [];
  let rest: number = PROMPT_CAPS.changes;
  for (const line of lines) {
    if ((rest -= line.length) < 0) break;
    shown.push(line);
  }
  const left = lines.length - shown.length;
  if (lines.length === 0) return "None.\n";
  return quoteOutside(shown.join("\n")) +
    (left > 0 ? `\n[cut: ${left} more changes]\n` : "\n");
}

/** Says one change in one line; also what `looop why` prints. */
export function describeChange(change: PromptChange): string {
  const place = change.pointer ? `${change.where} ${change.pointer}` : change.where;
  const show = (value: Json | undefined) => {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  };
  if (change.old === undefined && change.new === undefined) return `${place} ${change.kind}`;
  if (change.kind === "added") return `${place} added: ${show(change.new)}`;
  if (change.kind === "removed") return `${place} removed, was ${show(change.old)}`;
  return `${place}: ${show(change.old)} -> ${show(change.new)}`;
}
