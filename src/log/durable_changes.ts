/**
 * What changed in the durable memory: those files of a data dir that its history keeps, and no others.
 *
 * @module
 */

/** What git is asked about. */
const DURABLE_ROOTS = [
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

/** One changed file as git sees it. */
export interface Change {
  readonly path: string;
  /** Whether `git add` has something to do; a deletion that is staged already has not. */
  readonly isUnstaged: boolean;
  /** Whether a commit can name it; what was staged and then deleted leaves nothing to commit. */
  readonly isCommittable: boolean;
}

/** The arguments that make git tell what changed, in the form that `parseChanges()` reads. */
export const STATUS_ARGS: readonly string[] = [
  "--no-optional-locks",
  "status",
  "--porcelain=v1",
  "-z",
  "--no-renames",
  "--untracked-files=all",
  "--ignore-submodules=all",
  "--",
  ...DURABLE_ROOTS,
];

/** Reads what git told; in the order of the paths. */
export function parseChanges(status: string): Change[] {
  return status.split("\0").map((entry) => ({
    path: entry.slice("XY ".length),
    isUnstaged: entry[1] !== " ",
    isCommittable: !entry.startsWith("AD"),
  })).filter(({ path }) => isDurable(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names files for a commit's subject: three of them, then how many more. */
export function nameFiles(files: readonly string[]): string {
  const [first, second, third, ...more] = files;
  const named = [first, second, third].filter((file) => file !== undefined).join(", ");
  return more.length === 0 ? named : `${named} and ${more.length} more`;
}

function isDurable(path: string): boolean {
  return DURABLE.some((form) => form.test(path));
}
