/**
 * The history of the durable memory, in git: one commit for each move, edits of people on their own.
 *
 * A failure of git is a warning in the result, never an error: memory is files, and history is a
 * service to people. Knows nothing of beats.
 *
 * @module
 */
import { join } from "node:path";
import { readTextIfThere, removeIfThere, writeFileAtomic } from "../base/atomic_file.ts";
import { LooopError, messageOf } from "../base/errors.ts";
import { foldLine, shorten } from "../base/plain_text.ts";
import type { Environment } from "../profile/environment.ts";
import { type Change, nameFiles, parseChanges, STATUS_ARGS } from "./durable_changes.ts";
import { Git, type GitResult } from "./git.ts";
import { clearLock, findBlockingLock } from "./git_locks.ts";
import { packIfDue } from "./git_packing.ts";

/** What became of a wish to commit. */
export interface HistoryResult {
  /** Whether there is a new commit. */
  readonly isCommitted: boolean;
  /** The files that are in it, relative to the data dir. */
  readonly files: readonly string[];
  /** What went wrong and what to do, in one line; undefined where nothing did. */
  readonly warning?: string;
}

/** Why there is no history: no git on this machine, or a larger repository around the data dir. */
export type NoHistory = "no_git" | "inside_repository";

/** Who a commit is by. */
interface Author {
  readonly name: string;
  readonly email: string;
}

/** What a commit was meant to hold. */
interface UnfinishedMove {
  readonly subject: string;
  readonly files: readonly string[];
}

const LOOOP: Author = { name: "looop", email: "looop@localhost" };
const MAX_SUBJECT_LENGTH = 1000;
const MAX_WARNING_LENGTH = 300;
/** A killed git leaves at most those of the index, HEAD, the branch and the config. */
const MAX_DEAD_LOCKS = 4;
const NOTHING: HistoryResult = { isCommitted: false, files: [] };

/** The history of one data dir. */
export class History {
  readonly #git: Git;
  readonly #gitDir: string;
  #absence: NoHistory | undefined;
  /**
   * Names a move whose commit failed; without it the next beat, perhaps of another process, would take
   * the files for a human's edit.
   */
  readonly #unfinishedPath: string;
  #isBegun = false;

  /** @param dataDir An existing folder. */
  constructor(readonly dataDir: string, env: Environment) {
    this.#git = new Git(dataDir, env);
    this.#gitDir = join(dataDir, ".git");
    this.#unfinishedPath = join(this.#gitDir, "looop-unfinished.json");
  }

  /** Why there is no history; undefined where there is one, or nothing was tried yet. */
  get absence(): NoHistory | undefined {
    return this.#absence;
  }

  /** Makes the data dir a repository with a first commit, unless it is one or lies inside of one. */
  begin(): Promise<HistoryResult> {
    return this.#attempt(() => Promise.resolve(NOTHING));
  }

  /**
   * Commits what people changed since the last commit, as theirs.
   *
   * @param subject Where left out, one that names the files.
   * @param isTheirs Tells a file that a person changed from one that looop has begun to; all are a
   *   person's where left out.
   */
  commitHumanEdits(
    subject?: string,
    isTheirs: (path: string) => boolean = () => true,
  ): Promise<HistoryResult> {
    return this.#attempt(async () => {
      const unfinished = this.#readUnfinished();
      if (unfinished) {
        const left = (await this.#changes()).filter(({ path }) => unfinished.files.includes(path));
        await this.#commit(unfinished.subject, LOOOP, left);
        removeIfThere(this.#unfinishedPath);
      }
      const edits = (await this.#changes()).filter(({ path }) => isTheirs(path));
      if (edits.length === 0) return NOTHING;
      const named = subject ?? `edited by hand: ${nameFiles(edits.map(({ path }) => path))}`;
      return await this.#commit(named, await findHuman(this.#git), edits);
    });
  }

  /**
   * Commits what a move changed, as looop's.
   *
   * @param subject The journal line's text.
   * @param files Only these, relative to the data dir; all that changed where left out.
   */
  async commitMove(subject: string, files?: readonly string[]): Promise<HistoryResult> {
    let changes: readonly Change[] = [];
    const result = await this.#attempt(async () => {
      changes = (await this.#changes()).filter(({ path }) => files?.includes(path) ?? true);
      return await this.#commit(subject, LOOOP, changes);
    });
    if (result.warning !== undefined && !result.isCommitted) {
      this.#noteUnfinished({ subject, files: changes.map(({ path }) => path) });
    }
    return result;
  }

  #readUnfinished(): UnfinishedMove | undefined {
    try {
      const text = readTextIfThere(this.#unfinishedPath);
      const { subject, files } = JSON.parse(text ?? "{}");
      return typeof subject === "string" && Array.isArray(files) ? { subject, files } : undefined;
    } catch {
      return undefined; // A repository elsewhere (a worktree's `.git` is a file): no notes kept.
    }
  }

  #noteUnfinished(move: UnfinishedMove): void {
    try {
      if (!this.#readUnfinished()) writeFileAtomic(this.#unfinishedPath, JSON.stringify(move));
    } catch {
      // The disk that failed git fails this too; the warning of the commit tells of it.
    }
  }

  async #commit(
    subject: string,
    author: Author,
    changes: readonly Change[],
  ): Promise<HistoryResult> {
    await this.#onPaths(["add", "--all"], changes.filter(({ isUnstaged }) => isUnstaged));
    const message = shorten(foldLine(subject), MAX_SUBJECT_LENGTH) || "(no words)";
    const hasCommitted = await this.#onPaths(
      [
        "commit",
        "--quiet",
        "--no-verify",
        "--no-gpg-sign",
        "--cleanup=whitespace",
        `--message=${message}`,
        "--only", // What a person has staged of other files stays staged.
      ],
      changes.filter(({ isCommittable }) => isCommittable),
      authorEnv(author),
    );
    if (!hasCommitted) return NOTHING;
    const warning = await packIfDue(this.#git, this.#gitDir);
    const files = changes.map(({ path }) => path);
    return { isCommitted: true, files, ...(warning === undefined ? {} : { warning }) };
  }

  async #changes(): Promise<Change[]> {
    return parseChanges(must(await this.#git.run(STATUS_ARGS)).stdout);
  }

  /**
   * Runs a command on paths, again once a dead git's lock is out of its way.
   *
   * @returns Whether it did something.
   */
  async #onPaths(
    args: readonly string[],
    changes: readonly Change[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    if (changes.length === 0) return false;
    const options = { env, stdin: changes.map(({ path }) => path).join("\0") };
    for (let attempt = 0;; attempt++) {
      const result = await this.#git.run(
        [...args, "--pathspec-from-file=-", "--pathspec-file-nul"],
        options,
      );
      if (result.code === 0) return true;
      // `commit` found nothing that differs, once line ends and filters are taken into account.
      if (result.code === 1 && result.stderr === "") return false;
      const lock = findBlockingLock(result.stderr);
      const isGone = lock !== undefined && attempt < MAX_DEAD_LOCKS &&
        await clearLock(lock, await this.#realGitDir());
      if (!isGone) must(result);
    }
  }

  async #realGitDir(): Promise<string> {
    return must(await this.#git.run(["rev-parse", "--absolute-git-dir"])).stdout.trim();
  }

  /** Runs `work` where there is a history to write; makes its repository first where it is missing. */
  async #attempt(work: () => Promise<HistoryResult>): Promise<HistoryResult> {
    try {
      if (!await this.#hasRepository()) return NOTHING;
      return await work();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound && isThere(this.dataDir)) {
        this.#absence = "no_git";
        return NOTHING;
      }
      return { ...NOTHING, warning: `git: ${foldLine(messageOf(error))}` };
    }
  }

  async #hasRepository(): Promise<boolean> {
    if (isThere(this.#gitDir)) return await this.#ensureBegun();
    if (this.#absence) return false;
    const around = await this.#git.run(["rev-parse", "--git-dir"], { looksAbove: true });
    if (around.code === 0 || !/not a git repository/i.test(around.stderr)) {
      this.#absence = "inside_repository";
      return false;
    }
    return await this.#ensureBegun();
  }

  /** Makes the repository and its first commit; also where a crash cut just that off. */
  async #ensureBegun(): Promise<boolean> {
    if (this.#isBegun) return true;
    const head = await this.#git.run(["rev-parse", "--verify", "--quiet", "HEAD"]);
    if (head.code !== 0) {
      must(await this.#git.run(["init", "--quiet", "--template="]));
      await this.#commit("begin the history of this profile", LOOOP, await this.#changes());
    }
    this.#isBegun = true;
    return true;
  }
}

/** Finds who the person is, from the settings of their own git; else from their login. */
async function findHuman(git: Git): Promise<Author> {
  const user = git.env("USER") ?? git.env("LOGNAME") ?? "human";
  const name = await git.findPersonalSetting("user.name");
  const email = await git.findPersonalSetting("user.email");
  return { name: name ?? user, email: email ?? `${user}@localhost` };
}

function authorEnv(author: Author): Readonly<Record<string, string>> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: LOOOP.name,
    GIT_COMMITTER_EMAIL: LOOOP.email,
  };
}

/** @throws {LooopError} When git failed, with what it said. */
function must(result: GitResult): GitResult {
  if (result.code === 0) return result;
  const said = foldLine(result.stderr) || `exit code ${result.code}`;
  const lock = findBlockingLock(result.stderr);
  throw new LooopError(
    lock === undefined
      ? shorten(said, MAX_WARNING_LENGTH)
      : `${lock} is in the way; remove it if no git is running`,
  );
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false; // Missing, or not ours to look at.
  }
}
