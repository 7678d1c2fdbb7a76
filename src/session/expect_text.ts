/**
 * Waits until a session's output, or its screen, matches a regular expression.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { SupervisorGone } from "./channel.ts";
import { openLog } from "./log_file.ts";
import { LogText } from "./log_text.ts";
import { TextMatcher } from "./match_worker.ts";
import { readLog } from "./read_log.ts";
import { askForScreen, readScreen } from "./read_screen.ts";
import { getSession } from "./registry.ts";
import { linesOf } from "./screen_snapshot.ts";
import { subscribe } from "./subscription.ts";

/** What to wait for, and where to look. */
export interface ExpectOptions {
  readonly sessionsDir: string;
  readonly id: string;
  readonly timeoutMs: number;
  /** `screen` is what a person sees; `raw` keeps escape sequences. */
  readonly where: "text" | "raw" | "screen";
  /** Where in the log to begin; its oldest byte where left out. */
  readonly since?: number | "now";
  /** Told when output was asked for that is gone. */
  readonly onGap?: (from: number, to: number) => void;
}

/** How the waiting ended. */
export interface ExpectOutcome {
  readonly end: "matched" | "timeout" | "session ended";
  readonly text: string | null;
  /** What the parentheses matched, null for those that took no part. */
  readonly groups: readonly (string | null)[];
  /** Offset in the log behind the match; without one, how far it was looked at. */
  readonly offset: number;
}

/**
 * Waits for a match.
 *
 * @param source A regular expression in JavaScript's syntax; flags m and u.
 * @throws {UsageError} When it is none (exit code 2).
 */
export async function expectText(source: string, options: ExpectOptions): Promise<ExpectOutcome> {
  checkPattern(source);
  const { dir } = getSession(options.sessionsDir, options.id);
  using matcher = new TextMatcher(source);
  const progress = { offset: 0 };
  const late = Promise.withResolvers<"timeout">();
  const timer = setTimeout(() => late.resolve("timeout"), options.timeoutMs);
  try {
    const search = options.where === "screen"
      ? searchScreen(dir, options, matcher, progress)
      : searchLog(dir, options, matcher, progress);
    const outcome = await Promise.race([search, late.promise]);
    if (outcome !== "timeout") return outcome;
    return { end: "timeout", text: null, groups: [], offset: progress.offset };
  } finally {
    clearTimeout(timer);
  }
}

function checkPattern(source: string): void {
  try {
    new RegExp(source, "mu");
  } catch (error) {
    throw new UsageError(
      `Cannot read the regular expression "${source}"`,
      error instanceof Error ? error.message : "Use JavaScript's syntax",
      error,
    );
  }
}

async function searchLog(
  dir: string,
  { sessionsDir, id, where, since, onGap }: ExpectOptions,
  matcher: TextMatcher,
  progress: { offset: number },
): Promise<ExpectOutcome> {
  const text = new LogText(where === "raw");
  const start = since === "now" ? logEnd(dir) : since;
  const more = {
    ...(start === undefined ? {} : { since: start }),
    ...(onGap === undefined ? {} : { onGap }),
  };
  for await (
    const { offset, bytes } of readLog(dir, { sessionsDir, id, isFollowing: true, ...more })
  ) {
    progress.offset = offset + bytes.length;
    const match = await matcher.push(text.push(offset, bytes));
    if (match === undefined) continue;
    const { end, text: matched, groups } = match;
    return { end: "matched", text: matched, groups, offset: text.offsetOf(end) };
  }
  return { end: "session ended", text: null, groups: [], offset: progress.offset };
}

async function searchScreen(
  dir: string,
  { sessionsDir, id }: ExpectOptions,
  matcher: TextMatcher,
  progress: { offset: number },
): Promise<ExpectOutcome> {
  using changes = subscribe(dir);
  for (;;) {
    const wake = await changes.changed();
    const snapshot = await askForScreen(dir).catch((error: unknown) => {
      if (error instanceof SupervisorGone) return undefined;
      throw error;
    });
    const { offset, ...screen } = snapshot ?? (await readScreen(sessionsDir, id)).snapshot;
    progress.offset = offset;
    const match = await matcher.matchWhole(linesOf({ offset, ...screen }).join("\n"));
    if (match) return { end: "matched", text: match.text, groups: match.groups, offset };
    const isOver = snapshot === undefined || wake === "ended";
    if (isOver) return { end: "session ended", text: null, groups: [], offset };
  }
}

function logEnd(dir: string): number {
  using log = openLog(dir);
  return log?.end() ?? 0;
}
