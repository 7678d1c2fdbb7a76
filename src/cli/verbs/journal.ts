/**
 * `looop journal`.
 *
 * @module
 */
import { countFlag, jsonFlag } from "../params.ts";
import { jsonLine } from "../json_text.ts";
import { defineVerb } from "../verb.ts";

type Flags = {
  readonly tail?: number;
  readonly json: boolean;
};

export const journal = defineVerb<Flags, []>({
  name: "journal",
  group: "records",
  brief: "Print the journal, one line for each move",
  detail:
    "Reads across the months, oldest line first. JSON is one object for each line, {at, text}; " +
    "`at` is null for what a person wrote in a form of their own.",
  example: "looop journal --tail 20",
  parameters: {
    flags: { tail: countFlag("Only the newest N lines"), json: jsonFlag },
  },
  async run({ tail, json }) {
    const { openProfile, requireProfile } = await import("../../profile/profile.ts");
    const { readJournal } = await import("../../log/journal.ts");
    const { foldLine } = await import("../../base/plain_text.ts");
    const profile = openProfile(this.env);
    requireProfile(profile);
    for (const line of readJournal(profile.paths, tail)) {
      const { at, text } = line;
      if (json) this.print(jsonLine(line));
      else this.print(at === null ? foldLine(text) + "\n" : `- ${at} ${foldLine(text)}\n`);
    }
  },
});
