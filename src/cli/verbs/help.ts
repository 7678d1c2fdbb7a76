/**
 * `looop help [topic]`: the manual, whole or by topic.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { defineVerb, type NoFlags } from "../verb.ts";

/** Topics of the manual, in reading order; a test holds them to the text. */
export const HELP_TOPICS = [
  "idea",
  "nouns",
  "loop",
  "rules",
  "actions",
  "gate",
  "questions",
  "sessions",
  "cost",
  "files",
  "sensors",
  "runners",
  "first-day",
  "troubleshooting",
  "exit-codes",
  "verbs",
  "env",
] as const;

export const help = defineVerb<NoFlags, [topic?: string]>({
  name: "help",
  group: "setup",
  brief: "Read the manual, or one topic of it",
  detail: `Topics: ${HELP_TOPICS.join(", ")}. A verb's name shows that verb's help.`,
  example: "looop help first-day",
  completes: HELP_TOPICS,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "topic", brief: "Topic or verb", parse: String, optional: true },
      ],
    },
  },
  run: showHelp,
});

async function showHelp(this: CliContext, _flags: NoFlags, topic?: string): Promise<void> {
  const [manual, { VERBS }, { paintWith, wantsColour }, { VERSION }] = await Promise.all([
    import("../manual.ts"),
    import("../verbs.ts"),
    import("../style.ts"),
    import("../../base/version.ts"),
  ]);
  const paint = paintWith(wantsColour(this));
  const topics = manual.readManual({ verbs: VERBS, ...await findPaths(this) });
  if (topic === undefined) {
    const title = `${paint.bold(`looop ${VERSION}`)}: a control loop for your work\n\n`;
    return this.print(title + manual.formatTopics(topics, paint));
  }
  const found = topics.filter(({ name }) => name === topic);
  if (found.length > 0) return this.print(manual.formatTopics(found, paint));
  const verb = VERBS.find(({ name, aliases }) => name === topic || aliases.includes(topic));
  if (verb) {
    const { verbUsage } = await import("../usage.ts");
    return this.print(verbUsage(verb, undefined, paint));
  }
  const { findNearest } = await import("../../base/nearest.ts");
  const nearest = findNearest(topic, [...HELP_TOPICS, ...VERBS.map(({ name }) => name)]);
  throw new UsageError(
    `no topic "${topic}"`,
    nearest ? `did you mean "${nearest}"?` : `topics are ${HELP_TOPICS.join(", ")}`,
  );
}

/** The manual must be readable also where no profile can be found. */
async function findPaths(context: CliContext) {
  const { openProfile } = await import("../../profile/profile.ts");
  try {
    const { dataDir, configPath } = openProfile(context.env);
    return { dataDir, config: configPath };
  } catch {
    const unknown = "not known: neither HOME nor LOOOP_DATA_DIR is set";
    return { dataDir: unknown, config: unknown };
  }
}
