import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type AgentStream, followAgentStream } from "../../src/log/agent_stream.ts";
import { ClaudeStream } from "../../src/log/claude_stream.ts";
import { PiStream } from "../../src/log/pi_stream.ts";
import { readStreamLines } from "../../src/log/stream_lines.ts";

const FIXTURES = new URL("../fixtures/agent-streams/", import.meta.url);

function fixture(name: string): Uint8Array {
  return Deno.readFileSync(new URL(name, FIXTURES));
}

async function follow(stream: AgentStream, chunks: Iterable<Uint8Array | string>) {
  const encoder = new TextEncoder();
  const shown: string[] = [];
  const input = ReadableStream.from(
    (function* () {
      for (const chunk of chunks) yield typeof chunk === "string" ? encoder.encode(chunk) : chunk;
    })(),
  );
  const outcome = await followAgentStream(input, stream, (line) => void shown.push(line));
  return { ...outcome, shown };
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(Math.random() * 700);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

Deno.test("each recorded stream gives its cost and its failure, however it is cut into pieces", async () => {
  for (let round = 0; round < 5; round++) {
    const claude = await follow(new ClaudeStream(), inPieces(fixture("claude-ok.jsonl")));
    deepEqual([claude.costUsd, claude.failure], [0.0125, undefined]);
    match(
      claude.shown.join("\n"),
      /→ Bash cat > \.decision\.json.*\ndone\ndone, 2 turns, \$0\.0125$/,
    );
    const refused = await follow(new ClaudeStream(), inPieces(fixture("claude-401.jsonl")));
    deepEqual([refused.costUsd, refused.failure], [0, "Invalid API key · Fix external API key"]);
    const pi = await follow(new PiStream(), inPieces(fixture("pi-ok.jsonl")));
    deepEqual([pi.costUsd, pi.failure], [0.0125, undefined]);
    match(pi.shown.join("\n"), /^pi: claude-opus-4-5\n→ bash cat > .*\ndone\ndone, \$0\.0125$/);
    const piRefused = await follow(new PiStream(), inPieces(fixture("pi-401-exit0.jsonl")));
    equal(piRefused.costUsd, 0);
    match(piRefused.failure ?? "", /^401 .*invalid x-api-key/);
  }
});

Deno.test("a stream cut anywhere fails; what it cost is what it named until then, or nothing", async () => {
  for (
    const [name, make] of [
      ["claude-ok.jsonl", () => new ClaudeStream()],
      ["pi-ok.jsonl", () => new PiStream()],
    ] as const
  ) {
    const bytes = fixture(name);
    for (let cut = 0; cut < bytes.length - 2; cut += 97) {
      const { failure, costUsd } = await follow(make(), [bytes.subarray(0, cut)]);
      match(failure ?? "", /^the stream ended/, `${name} at ${cut}`);
      ok(costUsd === null || name === "pi-ok.jsonl" && [0.00625, 0.0125].includes(costUsd));
    }
    const whole = await follow(make(), [bytes.subarray(0, -1)]);
    deepEqual([whole.failure, whole.costUsd], [undefined, 0.0125]);
  }
});

Deno.test("garbage fails the run, names no cost, and puts no control character on the terminal", async () => {
  const garbage = crypto.getRandomValues(new Uint8Array(30_000));
  for (const stream of [new ClaudeStream(), new PiStream()]) {
    const { failure, costUsd, shown } = await follow(stream, [
      "\x1b[2J\x1b]0;title\x07warning: \x9b31mred\n",
      garbage,
      '\n{"type":"result"\n[1]\nnull\n"text"\n{}\n{"type":"message_end","message":7}\n',
      '{"type":"assistant","message":{"content":[{"type":"text","text":"a\\u001b[31mb\\u0007\\n\\u202ec"},' +
      '{"type":"tool_use","name":"B\\u001b[1m","input":{"command":"x\\ny"}}]}}\n',
    ]);
    ok(failure);
    equal(costUsd, null);
    equal(shown[0], "warning: red");
    ok(shown.every((line) => !/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/.test(line)), shown.join("|"));
    ok(shown.length < 40);
  }
});

Deno.test("no cost is told from a cost of 0, and a value that is no amount counts as no cost", async () => {
  const claude = (fields: string) =>
    follow(new ClaudeStream(), [`{"type":"result","subtype":"success"${fields}}\n`]);
  equal((await claude("")).costUsd, null);
  equal((await claude(',"total_cost_usd":0')).costUsd, 0);
  for (const value of ["-1", '"1"', "null", "1e300"]) {
    equal((await claude(`,"total_cost_usd":${value}`)).costUsd, null, value);
  }
  const answer = (usage: string) =>
    `{"type":"message_end","message":{"role":"assistant","content":[]${usage}}}\n`;
  const named = ',"usage":{"cost":{"total":0.1}}';
  const end = '{"type":"agent_end"}\n';
  const three = [answer(named), answer(named), answer(named), end];
  ok(Math.abs((await follow(new PiStream(), three)).costUsd! - 0.3) < 1e-9);
  // One answer whose cost is not told makes the sum worthless as a bound.
  const mixed = [answer(named), answer(""), end];
  deepEqual(await follow(new PiStream(), mixed), {
    costUsd: null,
    failure: undefined,
    shown: ["done"],
  });
});

Deno.test("Claude's own limits fail the run although it calls them no error", async () => {
  const { failure } = await follow(new ClaudeStream(), [
    '{"type":"result","subtype":"error_max_turns","is_error":false,"total_cost_usd":0.5}\n',
  ]);
  equal(failure, "error_max_turns");
});

Deno.test("an error that pi overcame by itself does not fail the run", async () => {
  const answer = (fields: string) =>
    `{"type":"message_end","message":{"role":"assistant","usage":{"cost":{"total":0}}${fields}}}\n`;
  const { failure } = await follow(new PiStream(), [
    answer(',"stopReason":"error","errorMessage":"overloaded"'),
    answer(',"stopReason":"stop"'),
    '{"type":"agent_end"}\n',
  ]);
  equal(failure, undefined);
});

Deno.test("a line of 50 MB is left out in bounded memory, and the lines around it are read", async () => {
  const piece = new Uint8Array(1024 * 1024).fill(120);
  const { shown, failure, costUsd } = await follow(
    new ClaudeStream(),
    (function* () {
      yield '{"type":"user","message":"';
      for (let n = 0; n < 50; n++) yield piece;
      yield '"}\n';
      yield fixture("claude-ok.jsonl");
    })(),
  );
  deepEqual([costUsd, failure], [0.0125, undefined]);
  match(shown[0]!, /^\(an event of 524288\d\d bytes left out\)$/);
  const lines = await Array.fromAsync(
    readStreamLines(new Blob(["abcdef\n", "y".repeat(300), "\nab"]).stream(), 5),
  );
  deepEqual(lines.map(({ text, isTooLong, bytes }) => [text.length, isTooLong, bytes]), [
    [6, true, 6],
    [200, true, 300],
    [2, false, 2],
  ]);
});
