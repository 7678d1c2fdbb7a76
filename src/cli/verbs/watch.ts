/**
 * `looop watch`.
 *
 * @module
 */
import { sessionArgument, sessionsDirToRead } from "../session_verbs.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

/** Colours off, cursor visible, main screen: whatever the session left switched on. */
const RESET = "\x1b[0m\x1b[?25h\x1b[?1049l\r\n";

export const watch = defineVerb<NoFlags, [string]>({
  name: "watch",
  group: "workers",
  brief: "Follow a session's output, read-only, until it ends",
  detail: "Begins with the last screenful. Ctrl-C leaves the session alone.",
  example: "looop watch fix-ci",
  completes: "session",
  parameters: { positional: sessionArgument },
  async run(_flags, id) {
    const [{ getSession }, { openLog }, { findTail, readLog }, { printBytes }] = await Promise.all([
      import("../../session/registry.ts"),
      import("../../session/log_file.ts"),
      import("../../session/read_log.ts"),
      import("../print_bytes.ts"),
    ]);
    const sessionsDir = await sessionsDirToRead(this, id);
    const { dir, record } = getSession(sessionsDir, id);
    using log = openLog(dir);
    const since = log ? findTail(log, record.rows) : 0;
    for await (const { bytes } of readLog(dir, { sessionsDir, id, since, isFollowing: true })) {
      printBytes(bytes);
    }
    if (this.stdoutIsTerminal) this.print(RESET);
  },
});
