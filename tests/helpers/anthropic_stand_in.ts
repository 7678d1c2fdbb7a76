/**
 * A stand-in of the Anthropic Messages API on a loopback port: it keeps every request and answers
 * with what the test says, as a stream of events, the way the real one does.
 *
 * @module
 */
import * as z from "zod/mini";

const Block = z.looseObject({ type: z.string() });
const TextBlock = z.looseObject({ type: z.literal("text"), text: z.string() });
const Content = z.union([z.string(), z.array(Block)]);

const Body = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })),
  tools: z.optional(z.array(z.looseObject({ name: z.string() }))),
});

/** One request for an answer. */
export interface ModelRequest {
  readonly model: string;
  readonly toolNames: readonly string[];
  /** The texts of each message of the user, oldest first; what tools said is not among them. */
  readonly userTexts: readonly string[];
  /** What the tools said, oldest first, as JSON. */
  readonly toolResults: readonly string[];
  /** The whole request, for failures. */
  readonly body: string;
}

/** What the model says: words, a tool call, or a refusal of the API itself. */
export type ModelAnswer =
  | { readonly text: string }
  | { readonly tool: string; readonly input: unknown }
  | { readonly status: number; readonly error: string };

/** Tokens that every answer is said to have used. */
export const USAGE = { input: 1000, output: 50 } as const;

/** Serves until it is disposed of. */
export class AnthropicStandIn implements AsyncDisposable {
  readonly requests: ModelRequest[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #answer: (request: ModelRequest) => ModelAnswer;

  /** @param answer Answers each request; may be changed with `answerWith`. */
  constructor(answer: (request: ModelRequest) => ModelAnswer) {
    this.#answer = answer;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#serve(request),
    );
  }

  /** Where agents find it. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  answerWith(answer: (request: ModelRequest) => ModelAnswer): void {
    this.#answer = answer;
  }

  async #serve(request: Request): Promise<Response> {
    const body = await request.text();
    // Agents also ask for other things (token counts, settings); none of them is needed.
    if (request.method !== "POST" || !new URL(request.url).pathname.endsWith("/v1/messages")) {
      return new Response("{}", { status: 404 });
    }
    const parsed = readRequest(body);
    this.requests.push(parsed);
    const answer = this.#answer(parsed);
    if (!("status" in answer)) return streamOf(answer, parsed.model, this.requests.length);
    const error = { type: "authentication_error", message: answer.error };
    return Response.json({ type: "error", error }, { status: answer.status });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function readRequest(body: string): ModelRequest {
  const { model, messages, tools = [] } = Body.parse(JSON.parse(body));
  const blocks = messages.filter(({ role }) => role === "user").map(({ content }) =>
    typeof content === "string" ? [{ type: "text", text: content }] : content
  );
  return {
    model,
    body,
    toolNames: tools.map(({ name }) => name),
    userTexts: blocks.flatMap((each) => {
      const texts = each.flatMap((block) => {
        const text = TextBlock.safeParse(block);
        return text.success ? [text.data.text] : [];
      });
      return texts.length === 0 ? [] : [texts.join("\n")];
    }),
    toolResults: blocks.flat().filter(({ type }) => type === "tool_result")
      .map((block) => JSON.stringify(block)),
  };
}

function streamOf(
  answer: { readonly text: string } | { readonly tool: string; readonly input: unknown },
  model: string,
  serial: number,
): Response {
  const isTool = "tool" in answer;
  const block = isTool
    ? { type: "tool_use", id: `toolu_${serial}`, name: answer.tool, input: {} }
    : { type: "text", text: "" };
  const delta = isTool
    ? { type: "input_json_delta", partial_json: JSON.stringify(answer.input) }
    : { type: "text_delta", text: answer.text };
  const stopReason = isTool ? "tool_use" : "end_turn";
  const events = [
    {
      type: "message_start",
      message: {
        id: `msg_${serial}`,
        type: "message",
        role: "assistant",
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: USAGE.input, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: block },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: USAGE.output },
    },
    { type: "message_stop" },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } });
}
