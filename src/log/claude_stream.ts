/**
 * The stream of Claude Code, `--output-format stream-json`: the last `result` event names the total
 * cost and whether the run failed (seen with Claude Code 2.1).
 *
 * @module
 */
import * as z from "zod/mini";
import { foldLine } from "../base/plain_text.ts";
import {
  type AgentStream,
  showText,
  showToolCall,
  showToolFailure,
  type StreamOutcome,
  tellFailure,
} from "./agent_stream.ts";
import { isCost } from "./cost_line.ts";
import { formatUsd } from "./money.ts";

const Init = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("init"),
  model: z.optional(z.string()),
});

const Message = z.looseObject({
  type: z.enum(["assistant", "user"]),
  message: z.looseObject({ content: z.array(z.unknown()) }),
});

const Block = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({
    type: z.literal("tool_use"),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.looseObject({
    type: z.literal("tool_result"),
    is_error: z.optional(z.boolean()),
    content: z.optional(z.unknown()),
  }),
]);

const Result = z.looseObject({
  type: z.literal("result"),
  subtype: z.optional(z.string()),
  is_error: z.optional(z.boolean()),
  result: z.optional(z.string()),
  num_turns: z.optional(z.number()),
  total_cost_usd: z.optional(z.unknown()),
});

/** Understands Claude Code. */
export class ClaudeStream implements AgentStream {
  #result: z.infer<typeof Result> | undefined;

  take(event: unknown): readonly string[] {
    const init = Init.safeParse(event);
    if (init.success) return [`claude${init.data.model ? `: ${foldLine(init.data.model)}` : ""}`];
    const message = Message.safeParse(event);
    if (message.success) {
      const isAnswer = message.data.type === "assistant";
      return message.data.message.content.flatMap((block) => showBlock(block, isAnswer));
    }
    const result = Result.safeParse(event);
    if (!result.success) return [];
    this.#result = result.data;
    const { num_turns: turns, total_cost_usd: cost } = result.data;
    return [
      `${failureOf(result.data) === undefined ? "done" : "failed"}${
        turns === undefined ? "" : `, ${turns} ${turns === 1 ? "turn" : "turns"}`
      }${isCost(cost) ? `, ${formatUsd(cost)}` : ""}`,
    ];
  }

  takeHead(): void {
    // Only the result matters to the outcome; one too long to read counts as none.
  }

  finish(): StreamOutcome {
    const result = this.#result;
    if (!result) return { costUsd: null, failure: "the stream ended without a result" };
    const { total_cost_usd: cost } = result;
    return { costUsd: isCost(cost) ? cost : null, failure: failureOf(result) };
  }
}

function failureOf(result: z.infer<typeof Result>): string | undefined {
  const { is_error, subtype = "success", result: text } = result;
  if (!is_error && subtype === "success") return undefined;
  const why = text?.trim() || (subtype === "success" ? "the run failed" : subtype);
  return tellFailure(why);
}

function showBlock(value: unknown, isAnswer: boolean): string[] {
  const parsed = Block.safeParse(value);
  if (!parsed.success) return [];
  const block = parsed.data;
  // What the user said is the prompt, which is in the run's folder already.
  if (block.type === "text") return isAnswer ? showText(block.text) : [];
  if (block.type === "tool_use") return [showToolCall(block.name, block.input)];
  if (!block.is_error) return [];
  const { content } = block;
  return [showToolFailure(typeof content === "string" ? content : JSON.stringify(content ?? ""))];
}
