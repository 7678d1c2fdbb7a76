/**
 * Follows one run's stream on standard input and writes its cost into the ledger. Knows the process
 * (signals, streams); what the events mean is known by `src/log`.
 *
 * @module
 */
import { type AgentStream, followAgentStream } from "../log/agent_stream.ts";
import { ClaudeStream } from "../log/claude_stream.ts";
import { recordCost } from "../log/cost_ledger.ts";
import { PiStream } from "../log/pi_stream.ts";
import { openProfile } from "../profile/profile.ts";
import { type CliContext, ClosedPipe } from "./context.ts";

const STREAMS: Readonly<Record<"claude" | "pi", () => AgentStream>> = {
  claude: () => new ClaudeStream(),
  pi: () => new PiStream(),
};

/** What the ledger's line says besides the cost. */
export interface MeteredRun {
  readonly kind: string;
  readonly id: string;
  readonly runner: string;
}

/**
 * Follows the stream to its end, or to the signal that ends this process; what was seen until then is
 * written down either way.
 *
 * @returns Why the run failed; undefined where it did not.
 */
export async function meterRun(
  context: CliContext,
  format: keyof typeof STREAMS,
  run: MeteredRun,
): Promise<string | undefined> {
  const ledger = context.env("LOOOP_COST_LEDGER") ?? openProfile(context.env).paths.costLedger;
  const stream = STREAMS[format]();
  const followed = followAgentStream(Deno.stdin.readable, stream, quietWhenClosed(context));
  const outcome = await Promise.race([followed, endingSignal()]);
  const { costUsd, failure } = typeof outcome === "string"
    ? { ...stream.finish(), failure: outcome }
    : outcome;
  recordCost(ledger, { ...run, costUsd }, { now: new Date() });
  return failure;
}

/** Nobody may be reading any more, but the run still costs what it costs. */
function quietWhenClosed(context: CliContext): (line: string) => void {
  let isClosed = false;
  return (line) => {
    if (isClosed) return;
    try {
      context.print(line + "\n");
    } catch (error) {
      if (!(error instanceof ClosedPipe)) throw error;
      isClosed = true;
    }
  };
}

function endingSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => resolve(`ended by ${signal}`));
    }
  });
}
