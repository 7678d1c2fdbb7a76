/**
 * `looop expect`.
 *
 * @module
 */
import { ExitCode, UsageError } from "../../base/errors.ts";
import { formatDurationMs } from "../../base/durations.ts";
import type { CliContext } from "../context.ts";
import { countFlag, durationFlag, jsonFlag, switchFlag, textArgument } from "../params.ts";
import { sessionsDirToRead } from "../session_verbs.ts";
import { jsonLine } from "../json_text.ts";
import { defineVerb } from "../verb.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

type Flags = {
  readonly timeout?: number;
  readonly fromNow: boolean;
  readonly since?: number;
  readonly screen: boolean;
  readonly raw: boolean;
  readonly json: boolean;
};

export const expect = defineVerb<Flags, [string, string]>({
  name: "expect",
  group: "workers",
  brief: "Wait until a session's output matches a regular expression",
  detail: [
    "JavaScript's syntax, flags m and u, on plain text from the log's beginning. Prints the match.",
    "A match is found within the last 64 KiB of text. Exits 124 at the timeout, 1 when the session",
    "ended first.",
  ].join("\n"),
  example: 'looop expect fix-ci "^(PASS|FAIL)" --timeout 5m',
  completes: "session",
  parameters: {
    flags: {
      timeout: durationFlag("Wait at most this long; 30s"),
      fromNow: switchFlag("Look at new output only"),
      since: countFlag("Look from this offset of the log on", "OFFSET"),
      screen: switchFlag("Look at the screen instead"),
      raw: switchFlag("Keep escape sequences"),
      json: jsonFlag,
    },
    positional: {
      kind: "tuple",
      parameters: [
        textArgument("id", "The session's id"),
        textArgument("regex", "What to wait for"),
      ],
    },
  },
  run: waitForText,
});

async function waitForText(this: CliContext, flags: Flags, id: string, source: string) {
  checkFlags(flags);
  const [{ expectText }, sessionsDir] = await Promise.all([
    import("../../session/expect_text.ts"),
    sessionsDirToRead(this, id),
  ]);
  const since = flags.fromNow ? "now" : flags.since;
  const timeoutMs = flags.timeout ?? DEFAULT_TIMEOUT_MS;
  const { end, text, groups, offset } = await expectText(source, {
    sessionsDir,
    id,
    timeoutMs,
    where: flags.screen ? "screen" : flags.raw ? "raw" : "text",
    ...(since === undefined ? {} : { since }),
    onGap: (from, to) =>
      this.remark(`looop expect: offsets ${from} to ${to} are gone; this looks from ${to} on`),
  });
  if (flags.json) {
    this.print(jsonLine({ matched: end === "matched", text, groups, offset }));
  } else if (text !== null) this.print(text + "\n");
  if (end === "matched") return;
  this.exitCode = end === "timeout" ? ExitCode.timeout : ExitCode.failed;
  const why = end === "timeout"
    ? `no match within ${formatDurationMs(timeoutMs)}`
    : `no match: the session "${id}" ended first`;
  this.remark(`looop expect: ${why}; see \`looop shot ${id}\` and \`looop log ${id}\``);
}

function checkFlags({ fromNow, since, screen, raw }: Flags): void {
  if (fromNow && since !== undefined) {
    throw new UsageError("--from-now and --since exclude each other", "Choose one of them");
  }
  if (screen && (fromNow || since !== undefined || raw)) {
    throw new UsageError(
      "--screen looks at the screen, not at the log",
      "Leave --from-now, --since and --raw out",
    );
  }
}
