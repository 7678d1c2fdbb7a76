/**
 * `looop log`.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { countFlag, jsonFlag, switchFlag, textFlag } from "../params.ts";
import { sessionArgument, sessionsDirToRead } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

type Flags = {
  readonly tail?: number;
  readonly grep?: string;
  readonly since?: number;
  readonly follow: boolean;
  readonly raw: boolean;
  readonly json: boolean;
};

export const log = defineVerb<Flags, [string]>({
  name: "log",
  aliases: ["logs"],
  group: "workers",
  brief: "Print a session's recorded output",
  detail: "Plain text unless --raw. Offsets count the bytes ever written.",
  example: "looop log fix-ci --tail 50 --follow",
  completes: "session",
  parameters: {
    flags: {
      tail: countFlag("Begin with the last N lines"),
      grep: textFlag("Print only lines that match this regular expression", "RE"),
      since: countFlag("Begin at this offset", "OFFSET"),
      follow: switchFlag("Go on until the session ends"),
      raw: switchFlag("Print the bytes as the terminal got them"),
      json: jsonFlag,
    },
    aliases: { f: "follow" },
    positional: sessionArgument,
  },
  run: printLog,
});

async function printLog(this: CliContext, flags: Flags, id: string): Promise<void> {
  const pattern = flags.grep === undefined ? undefined : parsePattern(flags.grep);
  if (flags.raw && (flags.json || pattern)) {
    throw new UsageError("--raw prints bytes, not lines", "Leave --json and --grep out");
  }
  const [{ getSession }, { openLog }, { findTail, readLog }, { LogLines }, { printBytes }] =
    await Promise.all([
      import("../../session/registry.ts"),
      import("../../session/log_file.ts"),
      import("../../session/read_log.ts"),
      import("../../session/log_lines.ts"),
      import("../print_bytes.ts"),
    ]);
  const sessionsDir = await sessionsDirToRead(this, id);
  const { dir } = getSession(sessionsDir, id);
  // Of lines that match, the last ones can only be found by looking at all.
  const isTailOfMatches = pattern !== undefined && flags.tail !== undefined;
  using opened = openLog(dir);
  const tailAt = opened && flags.tail !== undefined && !isTailOfMatches
    ? findTail(opened, flags.tail)
    : undefined;
  const since = Math.max(tailAt ?? 0, flags.since ?? opened?.base ?? 0);
  let kept: string[] | undefined = isTailOfMatches ? [] : undefined;
  const show = (line: { readonly offset: number; readonly text: string }) => {
    if (pattern && !pattern.test(line.text)) return;
    const shown = flags.json ? JSON.stringify(line) : line.text;
    if (!kept) return this.print(shown + "\n");
    kept.push(shown);
    if (kept.length > flags.tail!) kept.shift();
  };
  const release = () => {
    const lines = kept ?? [];
    kept = undefined;
    if (lines.length > 0) this.print(lines.join("\n") + "\n");
  };
  const lines = new LogLines();
  const onGap = (from: number, to: number) =>
    this.remark(`looop log: offsets ${from} to ${to} are gone; this begins at ${to}`);
  const recordedEnd = opened?.end() ?? 0;
  const isFollowing = flags.follow;
  for await (const chunk of readLog(dir, { sessionsDir, id, since, isFollowing, onGap })) {
    if (flags.raw) printBytes(chunk.bytes);
    else lines.push(chunk).forEach(show);
    if (chunk.offset + chunk.bytes.length >= recordedEnd) release();
  }
  if (!flags.raw) lines.end().forEach(show);
  release();
}

function parsePattern(source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch (error) {
    throw new UsageError(
      `Cannot read the regular expression "${source}"`,
      error instanceof Error ? error.message : "Use JavaScript's syntax",
      error,
    );
  }
}
