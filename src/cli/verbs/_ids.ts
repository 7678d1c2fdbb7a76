/**
 * `looop _ids live|sessions|questions|runners`: what completions offer, one `id<TAB>note` a line. Says
 * nothing where there is nothing: a Tab must never print an error into someone's prompt.
 *
 * @module
 */
import { type CliContext, ClosedPipe } from "../context.ts";
import { textArgument } from "../params.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

export const ids = defineVerb<NoFlags, [string]>({
  name: "_ids",
  group: "hidden",
  brief: "List ids for completions, those that wait for a human first",
  example: "looop _ids live",
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [textArgument("list", "live, sessions, questions or runners")],
    },
  },
  run: listIds,
});

/** Columns of a note. */
const NOTE_LENGTH = 60;

async function listIds(this: CliContext, _flags: NoFlags, list: string): Promise<void> {
  const [{ openProfile }, { listSessions }, questions, { isAliveIn }, text, { PULSE_ID }] =
    await Promise.all([
      import("../../profile/profile.ts"),
      import("../../session/registry.ts"),
      import("../../question/list_questions.ts"),
      import("../../question/asker_alive.ts"),
      import("../../base/plain_text.ts"),
      import("../session_verbs.ts"),
    ]);
  const print = (id: string, note: string) =>
    this.print(`${id}\t${text.shorten(text.foldLine(note), NOTE_LENGTH)}\n`);
  try {
    if (list === "runners") return await listRunners(this, print);
    const { asksDir, sessionsDir } = openProfile(this.env).paths;
    const open = questions.listOpenQuestions(asksDir, isAliveIn(sessionsDir));
    if (list === "questions") {
      for (const { id, session, prompt } of open) print(id, `${session}: ${prompt}`);
      return;
    }
    const asked = new Map(open.map(({ session, prompt }) => [session, prompt]));
    listSessions(sessionsDir)
      .filter(({ id, isAlive }) => list === "sessions" || (isAlive && id !== PULSE_ID))
      .map(({ id, isAlive, state, flag }) => {
        const waits = isAlive ? flag ?? asked.get(id) : undefined;
        return { id, note: waits === undefined ? state : `⚑ ${waits}`, waits: waits !== undefined };
      })
      .sort((a, b) => Number(b.waits) - Number(a.waits))
      .forEach(({ id, note }) => print(id, note));
  } catch (error) {
    if (error instanceof ClosedPipe || this.env("LOOOP_DEBUG") === "1") throw error;
  }
}

/** Lists the runners that can run a worker. */
async function listRunners(
  { env }: CliContext,
  print: (name: string, note: string) => void,
): Promise<void> {
  const [{ openProfile }, { loadConfig }] = await Promise.all([
    import("../../profile/profile.ts"),
    import("../../profile/config.ts"),
  ]);
  const { runners, defaultRunner } = loadConfig(openProfile(env).configPath);
  for (const [name, { interactive }] of Object.entries(runners)) {
    if (interactive !== undefined) print(name, name === defaultRunner ? "the default" : "runner");
  }
}
