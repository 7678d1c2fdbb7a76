/**
 * The manual that the binary carries: topics, with this profile's paths, verbs and knobs filled in.
 *
 * @module
 */
import manual from "../../seeds/manual.txt" with { type: "text" };
import { formatKnob, knobEntries, WORD_KNOBS } from "../profile/knobs.ts";
import { synopsisOf } from "./parameter_docs.ts";
import { type Paint, paintWith } from "./style.ts";
import { HEADINGS } from "./usage.ts";
import { type Verb, VERB_GROUPS } from "./verb.ts";

/** One part of the manual. */
export interface ManualTopic {
  readonly name: string;
  readonly title: string;
  readonly body: string;
}

/** What the manual is filled with. */
export interface ManualFacts {
  readonly verbs: readonly Verb[];
  readonly dataDir: string;
  readonly config: string;
}

/** Returns every topic in reading order. */
export function readManual(facts: ManualFacts): readonly ManualTopic[] {
  const written = manual.trimEnd().split(/^@/m).slice(1).map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const [, name = "", title = ""] = /^(\S+) (.*)$/.exec(heading) ?? [];
    return { name, title, body: fill(lines.join("\n").replace(/^\n+|\n+$/g, ""), facts) };
  });
  return [
    ...written,
    { name: "verbs", title: "Verbs", body: describeVerbs(facts.verbs) },
    { name: "env", title: "Knobs", body: describeKnobs() },
  ];
}

/** Writes topics for a terminal. */
export function formatTopics(
  topics: readonly ManualTopic[],
  paint: Paint = paintWith(false),
): string {
  return topics.map(({ title, body }) => `${paint.bold(title.toUpperCase())}\n\n${body}\n`)
    .join("\n");
}

function fill(body: string, { dataDir, config }: ManualFacts): string {
  return body.replaceAll("{{data_dir}}", () => dataDir).replaceAll("{{config}}", () => config);
}

function describeVerbs(verbs: readonly Verb[]): string {
  return VERB_GROUPS.flatMap((group) => {
    const members = verbs.filter((verb) => verb.group === group);
    if (members.length === 0) return [];
    const rows = members.map((verb) => `  ${synopsisOf(verb)}\n      ${verb.brief}`);
    return [`${HEADINGS[group]}:`, ...rows].join("\n");
  }).join("\n\n");
}

/** Writes the knob table for a terminal. */
export function describeKnobs(): string {
  const rows = knobEntries().map(([, knob]) => {
    const range = `${formatKnob(knob, knob.min)} to ${formatKnob(knob, knob.max)}`;
    const facts = [
      `default ${formatKnob(knob, knob.default)}`,
      range,
      ...(knob.configKey === undefined ? [] : [`config ${knob.configKey}`]),
      ...(knob.isLimit ? ["a limit"] : []),
    ];
    return `  ${knob.env}\n      ${knob.help}\n      ${facts.join("; ")}`;
  });
  return [
    "The environment beats the config, the config beats the default. An empty variable counts as",
    "unset. A wrong value warns and gives way to the default; a wrong limit stops looop.",
    "Durations: 500ms, 30s, 5m, 2h, 3d; a bare number is seconds. Sizes: 8192, 64k, 16m.",
    "",
    ...rows,
    "",
    ...OTHER_VARIABLES.map(([name, help]) => `  ${name}\n      ${help}`),
  ].join("\n");
}

/** Variables that are no numbers and so stand outside the knob table. */
export const OTHER_VARIABLES: readonly (readonly [name: string, help: string])[] = [
  ["LOOOP_DATA_DIR", "the profile's folder; default ${XDG_STATE_HOME:-~/.local/state}/looop"],
  [
    "LOOOP_CONFIG",
    "the config file; default looop.json in the data dir, else in ${XDG_CONFIG_HOME:-~/.config}",
  ],
  ...WORD_KNOBS.map(({ env, words, help }) => [`${env}=${words.join("|")}`, help] as const),
];
