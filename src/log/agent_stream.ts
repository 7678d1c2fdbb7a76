/**
 * Reads an agent program's JSON stream: shows what happens as it comes and learns what it cost and
 * whether it failed. What the events mean is known by one class for each program.
 *
 * @module
 */
import { foldLine, shorten, stripControls } from "../base/plain_text.ts";
import { readStreamLines } from "./stream_lines.ts";

/** What a stream came to. */
export interface StreamOutcome {
  /** Dollars; null where the stream named no cost, which is not the same as 0. */
  readonly costUsd: number | null;
  /** Why the run failed; undefined where it did not. */
  readonly failure: string | undefined;
}

/** Understands the events of one agent program. */
export interface AgentStream {
  /** Takes one event and returns the lines to show for it; unknown events show nothing. */
  take(event: unknown): readonly string[];
  /** Takes the head of an event that was too long to read. */
  takeHead(head: string): void;
  /** Says what the stream came to, once it has ended. */
  finish(): StreamOutcome;
}

const MAX_TOOL_LENGTH = 160;
const MAX_FAILURE_LENGTH = 500;
const MAX_NOISE_LINES = 20;
const MAX_NOISE_LENGTH = 400;

/**
 * Follows a stream to its end.
 *
 * @param show Gets each line, free of control characters.
 */
export async function followAgentStream(
  input: ReadableStream<Uint8Array>,
  stream: AgentStream,
  show: (line: string) => void,
): Promise<StreamOutcome> {
  let noise = 0;
  for await (const line of readStreamLines(input)) {
    if (line.isTooLong) {
      stream.takeHead(line.text);
      show(`(an event of ${line.bytes} bytes left out)`);
      continue;
    }
    if (line.text.trim() === "") continue;
    let event: unknown;
    try {
      event = JSON.parse(line.text);
    } catch {
      // Warnings and half lines are worth a look, a flood of them is not.
      if (++noise <= MAX_NOISE_LINES) show(shorten(foldLine(line.text), MAX_NOISE_LENGTH));
      if (noise === MAX_NOISE_LINES) show("(more lines that are not JSON left out)");
      continue;
    }
    for (const shown of stream.take(event)) show(shown);
  }
  return stream.finish();
}

/** Shows what the model said, line by line. */
export function showText(text: string): string[] {
  return stripControls(text).split("\n").map((line) => line.trimEnd()).filter((line) =>
    line !== ""
  );
}

/** Shows a tool call in one short line: the tool and the value that says most. */
export function showToolCall(name: string, input: Readonly<Record<string, unknown>>): string {
  const { command, file_path, path, pattern } = input;
  const telling = [command, file_path, path, pattern].find((value) => typeof value === "string");
  const told = telling ?? (Object.keys(input).length > 0 ? JSON.stringify(input) : "");
  return shorten(`→ ${foldLine(name)} ${foldLine(told as string)}`.trim(), MAX_TOOL_LENGTH);
}

/** Says in one line why a run failed. */
export function tellFailure(why: string): string {
  return shorten(foldLine(why), MAX_FAILURE_LENGTH);
}

/** Shows in one short line that a tool failed. */
export function showToolFailure(what: string): string {
  return shorten(`✗ ${foldLine(what)}`, MAX_TOOL_LENGTH);
}
