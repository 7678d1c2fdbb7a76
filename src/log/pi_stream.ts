/**
 * The stream of pi, `--mode json`: each assistant `message_end` names what it cost, and the last of
 * them says whether the run failed; pi itself exits 0 all the same (seen with its recorded streams).
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

const MessageEnd = z.looseObject({
  type: z.literal("message_end"),
  message: z.looseObject({
    role: z.literal("assistant"),
    content: z.optional(z.array(z.unknown())),
    model: z.optional(z.string()),
    stopReason: z.optional(z.string()),
    errorMessage: z.optional(z.string()),
    usage: z.optional(z.unknown()),
  }),
});

const Usage = z.looseObject({ cost: z.looseObject({ total: z.number() }) });
const TextBlock = z.looseObject({ type: z.literal("text"), text: z.string() });

const ToolStart = z.looseObject({
  type: z.literal("tool_execution_start"),
  toolName: z.string(),
  args: z.optional(z.record(z.string(), z.unknown())),
});

const ToolEnd = z.looseObject({
  type: z.literal("tool_execution_end"),
  toolName: z.string(),
  isError: z.literal(true),
  result: z.optional(z.unknown()),
});

const Update = z.looseObject({ type: z.literal("message_update") });
const AgentEnd = z.looseObject({ type: z.literal("agent_end") });

/** Understands pi. */
export class PiStream implements AgentStream {
  #costUsd = 0;
  #messages = 0;
  #unnamedMessages = 0;
  #failure: string | undefined;
  #hasEnded = false;
  #hasShownModel = false;

  take(event: unknown): readonly string[] {
    // Most events are updates of a message that comes whole at its end.
    if (Update.safeParse(event).success) return [];
    const end = MessageEnd.safeParse(event);
    if (end.success) return this.#takeMessage(end.data.message);
    const start = ToolStart.safeParse(event);
    if (start.success) return [showToolCall(start.data.toolName, start.data.args ?? {})];
    const failed = ToolEnd.safeParse(event);
    if (failed.success) {
      return [showToolFailure(`${failed.data.toolName} ${JSON.stringify(failed.data.result)}`)];
    }
    if (!AgentEnd.safeParse(event).success) return [];
    this.#hasEnded = true;
    const { costUsd, failure } = this.finish();
    return [
      `${failure === undefined ? "done" : "failed"}${
        costUsd === null ? "" : `, ${formatUsd(costUsd)}`
      }`,
    ];
  }

  takeHead(head: string): void {
    // It repeats every message of the run, so that it may well be too long.
    if (/^\s*\{\s*"type"\s*:\s*"agent_end"/.test(head)) this.#hasEnded = true;
    // A message whose cost cannot be read must not count as free.
    if (/^\s*\{\s*"type"\s*:\s*"message_end"/.test(head)) this.#unnamedMessages++;
  }

  finish(): StreamOutcome {
    return {
      costUsd: this.#messages === 0 || this.#unnamedMessages > 0 ? null : this.#costUsd,
      failure: this.#failure ??
        (this.#messages === 0
          ? "the stream ended without an answer"
          : this.#hasEnded
          ? undefined
          : "the stream ended before the run did"),
    };
  }

  #takeMessage(message: z.infer<typeof MessageEnd>["message"]): readonly string[] {
    this.#messages++;
    const usage = Usage.safeParse(message.usage);
    if (usage.success && isCost(usage.data.cost.total)) this.#costUsd += usage.data.cost.total;
    else this.#unnamedMessages++;
    this.#failure = failureOf(message);
    const shown = (message.content ?? []).flatMap((block) => {
      const text = TextBlock.safeParse(block);
      return text.success ? showText(text.data.text) : [];
    });
    if (this.#hasShownModel || message.model === undefined) return shown;
    this.#hasShownModel = true;
    return [`pi: ${foldLine(message.model)}`, ...shown];
  }
}

function failureOf(
  { stopReason, errorMessage }: z.infer<typeof MessageEnd>["message"],
): string | undefined {
  if (stopReason !== "error" && stopReason !== "aborted" && !errorMessage) return undefined;
  return tellFailure(errorMessage || `the run ended with "${stopReason}"`);
}
