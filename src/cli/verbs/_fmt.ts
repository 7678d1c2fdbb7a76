/**
 * `looop _fmt claude|pi`: what a runner's `tick` command pipes its JSON stream through.
 *
 * @module
 */
import { ExitCode, UsageError } from "../../base/errors.ts";
import { textFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = {
  readonly kind?: string;
  readonly id?: string;
  readonly runner?: string;
};

const FORMATS = ["claude", "pi"] as const;
type Format = typeof FORMATS[number];

export const fmt = defineVerb<Flags, [Format]>({
  name: "_fmt",
  group: "hidden",
  brief: "Show a runner's JSON stream as it comes, and record what the run cost",
  detail:
    "Reads Claude Code's stream-json or pi's json mode from standard input. Exits 1 when the " +
    "stream says that the run failed, ends early, or the cost cannot be written down. The ledger is " +
    "LOOOP_COST_LEDGER, else the profile's. Kind, id and runner of the ledger's line are the flags, " +
    "else LOOOP_RUN_KIND, LOOOP_RUN_ID and LOOOP_RUNNER, else what the environment tells.",
  example: 'claude -p --output-format stream-json --verbose < prompt | "$LOOOP_BIN" _fmt claude',
  parameters: {
    flags: {
      kind: textFlag("Kind of run (tick, session)", "KIND"),
      id: textFlag("Id of the run", "ID"),
      runner: textFlag("Name of the runner; that of the format where left out", "NAME"),
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "claude or pi", parse: parseFormat, placeholder: "format" }],
    },
  },
  async run(flags, format) {
    const { meterRun } = await import("../meter_run.ts");
    const { env } = this;
    const isWorker = env("LOOOP_SESSION_ID") !== undefined;
    const failure = await meterRun(this, format, {
      kind: flags.kind ?? env("LOOOP_RUN_KIND") ??
        (env("LOOOP_INSIDE") === "runner" ? "tick" : isWorker ? "session" : "other"),
      id: flags.id ?? env("LOOOP_RUN_ID") ?? env("LOOOP_SESSION_ID") ?? "-",
      runner: flags.runner ?? env("LOOOP_RUNNER") ?? format,
    });
    if (failure === undefined) return;
    this.remark(`looop _fmt: ${format}: ${failure}`);
    this.exitCode = ExitCode.failed;
  },
});

function parseFormat(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format) return format;
  throw new UsageError(`"${text}" is neither claude nor pi`, "write claude or pi");
}
