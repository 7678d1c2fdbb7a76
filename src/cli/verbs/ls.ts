/**
 * `looop ls`.
 *
 * @module
 */
import { formatDurationMs } from "../../base/durations.ts";
import type { Session } from "../../session/registry.ts";
import { foldLine } from "../../base/plain_text.ts";
import type { CliContext } from "../context.ts";
import { jsonLine, jsonText } from "../json_text.ts";
import { durationFlag, jsonFlag, switchFlag } from "../params.ts";
import { PULSE_ID, sessionsDirOf } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean; readonly watch: boolean; readonly interval?: number };

const INTERVAL_MS = 2000;
const MIN_INTERVAL_MS = 100;
/** Cursor home, and everything below cleared. */
const HOME = "\x1b[H\x1b[J";

export const ls = defineVerb<Flags, []>({
  name: "ls",
  group: "workers",
  brief: "List the workers, the living first",
  detail:
    "With --watch the list is shown again and again on a terminal; elsewhere, and with --json, " +
    "only when more than ages and idle times has changed. Long notes are cut to the terminal's width.",
  example: "looop ls --watch --interval 5s",
  parameters: {
    flags: {
      json: jsonFlag,
      watch: switchFlag("Show the list again and again until Ctrl-C"),
      interval: durationFlag("How often --watch looks; 2s"),
    },
  },
  async run({ json, watch, interval = INTERVAL_MS }) {
    const registry = await import("../../session/registry.ts");
    const sessionsDir = await sessionsDirOf(this);
    const isScreen = this.stdoutIsTerminal && !json;
    const { fitLine } = isScreen ? await import("../fit_line.ts") : { fitLine: undefined };
    const fit = (line: string) => fitLine?.(line, this.columns()) ?? line;
    let shown: string | undefined;
    for (;;) {
      const sessions = registry.listSessions(sessionsDir).filter(({ id }) => id !== PULSE_ID);
      const asked = await openQuestions(this);
      const rows = sessions.map((session) => ({
        ...describe(session, registry.idleMs(session)),
        question: asked.get(session.id) ?? null,
      }));
      const state = watch && !isScreen ? stateOf(rows) : undefined;
      if (state === undefined || state !== shown) {
        if (watch && isScreen) this.print(HOME);
        if (json) this.print(watch ? jsonLine(rows) : jsonText(rows));
        else {
          if (shown !== undefined) this.print("\n");
          printTable(this, rows, fit);
        }
        shown = state;
      }
      if (!watch || await isReaderGone()) return;
      await new Promise((resolve) => setTimeout(resolve, Math.max(interval, MIN_INTERVAL_MS)));
    }
  },
});

/** Tells whether nobody reads standard output any more, also where nothing is to be written. */
async function isReaderGone(): Promise<boolean> {
  const [{ pollFdsHere }, { POLLERR }] = await Promise.all([
    import("../../libc/descriptors.ts"),
    import("../../libc/constants.ts"),
  ]);
  const [events = 0] = pollFdsHere([{ fd: 1, events: 0 }], 0);
  return (events & POLLERR) !== 0;
}

/** What of the rows is news: everything but how long a session has been quiet. */
function stateOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map(({ idle_s: _, ...row }) => row));
}

type Row = ReturnType<typeof describe> & { readonly question: string | null };

/** What each worker asks, by its id; the oldest question where there are several. */
async function openQuestions({ env }: CliContext): Promise<ReadonlyMap<string, string>> {
  const [{ openProfile }, { listOpenQuestions }, { isAliveIn }] = await Promise.all([
    import("../../profile/profile.ts"),
    import("../../question/list_questions.ts"),
    import("../../question/asker_alive.ts"),
  ]);
  const { asksDir, sessionsDir } = openProfile(env).paths;
  const open = listOpenQuestions(asksDir, isAliveIn(sessionsDir));
  return new Map([...open].reverse().map(({ session, prompt }) => [session, prompt]));
}

function describe({ id, state, isAlive, record, flag }: Session, idleMs: number) {
  return {
    id,
    state,
    alive: isAlive,
    exit_code: record.exit_code,
    signal: record.signal,
    flagged: flag !== undefined,
    note: flag ?? null,
    started_at: new Date(record.started_at).toISOString(),
    ended_at: record.ended_at === null ? null : new Date(record.ended_at).toISOString(),
    idle_s: Math.floor(idleMs / 1000),
    cols: record.cols,
    rows: record.rows,
  };
}

function printTable(
  context: CliContext,
  rows: readonly Row[],
  fit: (line: string) => string,
): void {
  if (rows.length === 0) return context.remark("no workers");
  const now = Date.now();
  const cells = rows.map((row) => [
    row.id,
    row.state === "exited" ? `exited ${row.exit_code}` : row.state,
    formatSeconds((now - Date.parse(row.started_at)) / 1000),
    row.alive ? formatSeconds(row.idle_s) : "",
    row.flagged
      ? `⚑ ${foldLine(row.note ?? "")}`
      : row.question === null
      ? ""
      : `? ${foldLine(row.question)}`,
  ]);
  const table = [["ID", "STATE", "AGE", "IDLE", ""], ...cells];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  const lines = table.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  "));
  context.print(lines.map((line) => fit(line.trimEnd())).join("\n") + "\n");
}

/** A clock that was set back makes no session younger than new. */
function formatSeconds(seconds: number): string {
  return seconds < 1 ? "0s" : formatDurationMs(Math.floor(seconds) * 1000);
}
