/**
 * `looop shot`.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { jsonFlag, switchFlag } from "../params.ts";
import { sessionArgument, sessionsDirToRead } from "../session_verbs.ts";
import { defineVerb } from "../verb.ts";

type Flags = {
  readonly ansi: boolean;
  readonly json: boolean;
  readonly svg: boolean;
  readonly trim: boolean;
};

export const shot = defineVerb<Flags, [string]>({
  name: "shot",
  aliases: ["screenshot"],
  group: "workers",
  brief: "Print a session's screen as a person would see it now",
  detail: "Plain text unless told otherwise. Works after the session's end, too; of a dead one " +
    "(its supervisor vanished) it is drawn from the last 8 MiB of the log.",
  example: "looop shot fix-ci --svg > fix-ci.svg",
  completes: "session",
  parameters: {
    flags: {
      ansi: switchFlag("Keep colours and styles"),
      json: jsonFlag,
      svg: switchFlag("Draw a picture"),
      trim: switchFlag("Leave out empty rows at the bottom"),
    },
    positional: sessionArgument,
  },
  run: printShot,
});

async function printShot(this: CliContext, flags: Flags, id: string): Promise<void> {
  if (Number(flags.ansi) + Number(flags.json) + Number(flags.svg) > 1) {
    throw new UsageError("--ansi, --json and --svg exclude each other", "Choose one of them");
  }
  const [{ readScreen }, { trimmed }] = await Promise.all([
    import("../../session/read_screen.ts"),
    import("../../session/screen_snapshot.ts"),
  ]);
  const { snapshot, isWhole } = await readScreen(await sessionsDirToRead(this, id), id);
  if (!isWhole) {
    this.remark(
      "looop shot: drawn from the last 8 MiB of the log; what was shown before may be missing",
    );
  }
  this.print(await render(flags, id, flags.trim ? trimmed(snapshot) : snapshot));
}

type Snapshot = Awaited<
  ReturnType<typeof import("../../session/read_screen.ts").readScreen>
>["snapshot"];

async function render(flags: Flags, id: string, snapshot: Snapshot): Promise<string> {
  if (flags.svg) return (await import("../../session/render_svg.ts")).renderSvg(snapshot);
  if (flags.ansi) return (await import("../../session/render_ansi.ts")).renderAnsi(snapshot);
  const { renderJson, renderText } = await import("../../session/render_text.ts");
  return flags.json ? renderJson(id, snapshot) : renderText(snapshot);
}
