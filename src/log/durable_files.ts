/**
 * Which files of a data dir its history keeps: the durable memory and nothing else.
 *
 * @module
 */

/** What git is asked about. */
export const DURABLE_ROOTS = [
  ".gitignore",
  "PLAYBOOK.md",
  "goals",
  "journal",
  "journal.md",
  "sensors",
] as const;

const DURABLE = [
  /^(\.gitignore|PLAYBOOK\.md|journal\.md)$/,
  /^goals\/(archive\/)?[^/.][^/]*\.md$/,
  /^sensors\/[^/.][^/]*\.sh$/,
  /^journal\/\d{4}-\d\d\.md$/,
];

/** Tells whether a path, relative to the data dir, belongs to the durable memory. */
export function isDurable(path: string): boolean {
  return DURABLE.some((form) => form.test(path));
}

/** Names files for a commit's subject: three of them, then how many more. */
export function nameFiles(files: readonly string[]): string {
  const [first, second, third, ...more] = files;
  const named = [first, second, third].filter((file) => file !== undefined).join(", ");
  return more.length === 0 ? named : `${named} and ${more.length} more`;
}
