/**
 * Keeps the tables of README.md that the code knows better: verbs and knobs.
 * `deno task readme` writes them anew; a test fails while they are out of date.
 *
 * @module
 */
import { formatKnob, knobEntries } from "../profile/knobs.ts";
import { OTHER_VARIABLES } from "./manual.ts";
import { synopsisOf } from "./parameter_docs.ts";
import { HEADINGS } from "./usage.ts";
import { type Verb, VERB_GROUPS } from "./verb.ts";
import { VERBS } from "./verbs.ts";

/** Returns the text with each generated part made anew. */
export function refreshTables(readme: string): string {
  return [["verbs", verbTable(VERBS)], ["knobs", knobTable()]].reduce(
    (text, [name, table]) =>
      text!.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(?=<!-- /${name} -->)`),
        (_, start) => `${start}${table}\n`,
      ),
    readme,
  )!;
}

function verbTable(verbs: readonly Verb[]): string {
  const rows = VERB_GROUPS.flatMap((group) => [
    `| **${HEADINGS[group]}** | |`,
    ...verbs.filter((verb) => verb.group === group)
      .map((verb) => `| ${code(`looop ${synopsisOf(verb)}`)} | ${cell(verb.brief)} |`),
  ]);
  return ["| verb | does |", "| --- | --- |", ...rows].join("\n");
}

function knobTable(): string {
  const rows = knobEntries().map(([, knob]) => {
    const key = knob.configKey === undefined ? "" : code(knob.configKey);
    const range = `${formatKnob(knob, knob.min)} to ${formatKnob(knob, knob.max)}`;
    return `| ${code(knob.env)} | ${key} | ${formatKnob(knob, knob.default)} | ${range} | ${
      cell(knob.help)
    } |`;
  });
  const others = OTHER_VARIABLES.map(([name, help]) => `| ${code(name)} | | | | ${cell(help)} |`);
  return [
    "| environment | config | default | bounds | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    ...others,
  ].join("\n");
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.main) {
  const path = new URL("../../README.md", import.meta.url);
  Deno.writeTextFileSync(path, refreshTables(Deno.readTextFileSync(path)));
}
