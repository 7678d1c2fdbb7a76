/**
 * `looop --help` and `looop <verb> --help`, made from the verbs' own records.
 *
 * @module
 */
import { argumentsOf, flagsOf, synopsisOf } from "./parameter_docs.ts";
import { type Paint, paintWith } from "./style.ts";
import { type Verb, VERB_GROUPS, type VerbGroup } from "./verb.ts";

/** What stands above each group of verbs. */
export const HEADINGS: Readonly<Record<VerbGroup, string>> = {
  loop: "The loop",
  workers: "Workers",
  questions: "Questions",
  records: "Records",
  setup: "Setup and help",
};

/** Widest line of prose, in columns. */
const PROSE_WIDTH = 80;

/**
 * Writes `looop --help`.
 *
 * @param fallback Name of the verb that runs when none is given.
 */
export function rootUsage(
  verbs: readonly Verb[],
  fallback: string,
  paint: Paint = paintWith(false),
): string {
  const listed = verbs.filter(({ group }) => group !== "hidden");
  const width = Math.max(0, ...listed.map(({ name }) => name.length));
  const groups = VERB_GROUPS.flatMap((group) => {
    const members = listed.filter((verb) => verb.group === group);
    if (members.length === 0) return [];
    const rows = members.map(({ name, brief }) =>
      `  ${paint.cyan(name)}${" ".repeat(width - name.length)}  ${brief}`
    );
    return ["", paint.bold(HEADINGS[group]), ...rows];
  });
  const bare = verbs.find(({ name }) => name === fallback);
  const flags = bare ? flagsOf(bare).map(({ name }) => ` [${name}]`).join("") : "";
  return [
    "looop: a control loop for your work",
    "",
    `${paint.bold("Usage:")} looop${flags}, or looop <verb> …`,
    ...groups,
    "",
    "`looop <verb> --help` explains a verb, `looop help` the whole design.",
    "",
  ].join("\n");
}

/**
 * Writes `looop <verb> --help`.
 *
 * @param fallback Name of the verb that may be left out, if there is one.
 */
export function verbUsage(
  verb: Verb,
  fallback: string | undefined,
  paint: Paint = paintWith(false),
): string {
  const synopsis = verb.name === fallback
    ? synopsisOf(verb).slice(verb.name.length).trim()
    : synopsisOf(verb);
  const letters = [...flagsOf(verb), HELP_FLAG];
  const hasShort = letters.some(({ short }) => short !== undefined);
  const flagRows = letters.map(({ name, short, value, brief }) => {
    const prefix = hasShort ? `${short ?? "  "}${short === undefined ? " " : ","} ` : "";
    return [`${prefix}${name}${value === undefined ? "" : ` ${value}`}`, brief] as const;
  });
  const argumentRows = argumentsOf(verb).map(({ shown, brief }) => [shown, brief] as const);
  const spelled = verb.aliases.filter((alias) => alias !== verb.name);
  return [
    `${verb.brief}.`,
    "",
    `${paint.bold("Usage:")} looop ${synopsis}`,
    ...(verb.detail === "" ? [] : ["", wrap(verb.detail)]),
    ...table("Arguments", argumentRows, paint),
    ...table("Flags", flagRows, paint),
    ...(spelled.length === 0
      ? []
      : ["", `${paint.bold("Also:")} ${spelled.map((alias) => `looop ${alias}`).join(", ")}`]),
    "",
    `${paint.bold("Example:")} ${verb.example}`,
    "",
  ].join("\n");
}

const HELP_FLAG = {
  name: "--help",
  short: "-h",
  value: undefined,
  brief: "Print this help",
} as const;

function table(
  heading: string,
  rows: readonly (readonly [name: string, brief: string])[],
  paint: Paint,
): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    "",
    paint.bold(`${heading}:`),
    ...rows.map(([name, brief]) =>
      `  ${paint.cyan(name)}${" ".repeat(width - name.length)}  ${brief}`
    ),
  ];
}

/** Breaks prose at blanks; only empty lines are kept. */
function wrap(text: string): string {
  return text.split(/\n{2,}/).map((paragraph) => {
    let column = 0;
    return paragraph.split(/\s+/).map((word) => {
      const isFirst = column === 0;
      const needsBreak = !isFirst && column + 1 + word.length > PROSE_WIDTH;
      column = needsBreak || isFirst ? word.length : column + 1 + word.length;
      return `${needsBreak ? "\n" : isFirst ? "" : " "}${word}`;
    }).join("");
  }).join("\n\n");
}
