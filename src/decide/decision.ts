/**
 * What the LLM may decide: one object, one action, every field checked. Knows nothing of effects.
 *
 * @module
 */
import * as z from "zod/mini";
import { findDoubleKeys } from "../base/double_keys.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { withoutByteOrderMark } from "../base/plain_text.ts";

/** Ids of goals, sensors and workers. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The pulse's own session: no worker may be called so. */
export const RESERVED_ID = "pulse";

/** Bytes that a decision file may hold. */
export const MAX_DECISION_BYTES = 1024 * 1024;

const text = z.string().check(z.minLength(1, "must not be empty"));
const id = z.string().check(
  z.regex(ID_PATTERN, "must be 1 to 64 letters, digits, dots, dashes or underscores"),
  z.refine((value) => value !== RESERVED_ID, "is reserved for the pulse itself"),
);

const always = {
  /** One line for the journal. */
  journal: z.optional(z.string()),
  /** Seconds until the next beat; clamped. */
  next_interval_s: z.optional(z.number()),
};

/** The schema of each action's fields. */
export const ACTION_SCHEMAS = {
  noop: z.object({ action: z.literal("noop"), reason: text, ...always }),
  run_shell: z.object({ action: z.literal("run_shell"), cmd: text, reason: text, ...always }),
  write_goal: z.object({ action: z.literal("write_goal"), id, body: text, ...always }),
  archive_goal: z.object({ action: z.literal("archive_goal"), id, ...always }),
  write_sensor: z.object({ action: z.literal("write_sensor"), name: id, script: text, ...always }),
  write_playbook: z.object({ action: z.literal("write_playbook"), body: text, ...always }),
  start_worker: z.object({
    action: z.literal("start_worker"),
    id,
    prompt: text,
    runner: z.optional(text),
    ...always,
  }),
  steer_session: z.object({ action: z.literal("steer_session"), id, input: text, ...always }),
  send_key: z.object({
    action: z.literal("send_key"),
    id,
    keys: z.array(text).check(
      z.minLength(1, "must name a key"),
      z.maxLength(100, "names too many"),
    ),
    ...always,
  }),
  restart_session: z.object({ action: z.literal("restart_session"), id, ...always }),
  send_notification: z.object({ action: z.literal("send_notification"), message: text, ...always }),
} as const;

/** Names of the actions. */
export type ActionName = keyof typeof ACTION_SCHEMAS;

/** One checked decision. */
export type Decision = { [N in ActionName]: z.infer<typeof ACTION_SCHEMAS[N]> }[ActionName];

/** One decision of a given action. */
export type DecisionOf<N extends ActionName> = Extract<Decision, { readonly action: N }>;

/** The move is refused: nothing was executed, and the message reaches the next prompt. */
export class RefusedDecision extends LooopError {
  override readonly name = "RefusedDecision";
}

/**
 * Checks one decision.
 *
 * @param text The whole text of `.decision.json`.
 * @throws {RefusedDecision} With the field that is wrong and what would be right.
 */
export function parseDecision(text: string): Decision {
  const content = withoutByteOrderMark(text);
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new RefusedDecision(
      `.decision.json must hold exactly one JSON object and nothing else: ${messageOf(error)}`,
    );
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new RefusedDecision(
      `.decision.json must hold one JSON object, not ${
        Array.isArray(value) ? "a list" : JSON.stringify(value).slice(0, 40)
      }`,
    );
  }
  refuseDoubleKeys(content);
  const { action } = value as { readonly action?: unknown };
  if (typeof action !== "string" || !Object.hasOwn(ACTION_SCHEMAS, action)) {
    const shown = action === undefined
      ? "is missing"
      : `${JSON.stringify(action).slice(0, 60)} is unknown`;
    throw new RefusedDecision(
      `field "action" ${shown}; write one of ${Object.keys(ACTION_SCHEMAS).join(", ")}`,
    );
  }
  const schema: z.ZodMiniType<Decision> = ACTION_SCHEMAS[action as ActionName];
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  const field = issue.path.join(".");
  const problem = issue.code === "invalid_type"
    ? Object.hasOwn(value, String(issue.path[0])) ? `must be a ${issue.expected}` : "is missing"
    : issue.message;
  throw new RefusedDecision(`field "${field}" of ${action} ${problem}`);
}

/** A reader takes the last of two without a word: nobody knows which one was meant. */
function refuseDoubleKeys(content: string): void {
  let keys: readonly PropertyKey[] | undefined;
  try {
    keys = findDoubleKeys(content)[0]?.keys;
  } catch (error) {
    // The stack has an end, which no decision of eleven flat shapes comes near.
    if (!(error instanceof RangeError)) throw error;
    throw new RefusedDecision(".decision.json is nested too deeply; write one flat JSON object");
  }
  if (!keys) return;
  throw new RefusedDecision(
    `field "${keys.join(".")}" stands twice in .decision.json; write it once`,
  );
}
