/**
 * The demo's throwaway world: a profile, a little git repository, a sensor over it, a worker.
 *
 * @module
 */
import { join } from "node:path";
import { LooopError } from "../../base/errors.ts";
import { quoteForShell } from "../../profile/runners.ts";

/** Where the demo lives. */
export interface DemoWorld {
  readonly dir: string;
  readonly dataDir: string;
  readonly configPath: string;
  readonly repository: string;
}

const PLAYBOOK = `# PLAYBOOK of the demo

1. What lies uncommitted in the shop becomes a goal.
2. A goal gets a worker.
3. A goal that is reached is archived.
`;

/** Makes the world in a new temporary folder. */
export function makeDemoWorld(): DemoWorld {
  const dir = Deno.makeTempDirSync({ prefix: "looop-demo-" });
  const world = {
    dir,
    dataDir: join(dir, "profile"),
    configPath: join(dir, "looop.json"),
    repository: join(dir, "shop"),
  };
  makeRepository(world.repository);
  for (const folder of ["profile", "profile/goals", "profile/sensors"]) {
    Deno.mkdirSync(join(dir, folder), { mode: 0o700 });
  }
  Deno.writeTextFileSync(join(world.dataDir, "PLAYBOOK.md"), PLAYBOOK);
  Deno.writeTextFileSync(join(world.dataDir, "sensors/shop.sh"), sensorScript(world.repository));
  Deno.writeTextFileSync(join(dir, "worker.sh"), workerScript(world.repository));
  const config = {
    default: "demo",
    runners: {
      demo: {
        tick: '"$LOOOP_BIN" _demo-decide | "$LOOOP_BIN" _fmt claude',
        interactive: `bash ${quoteForShell(join(dir, "worker.sh"))} {{prompt_file}}`,
      },
    },
    interval: 1,
    max_daily_usd: 1,
  };
  Deno.writeTextFileSync(world.configPath, JSON.stringify(config, undefined, 2));
  return world;
}

function makeRepository(repository: string): void {
  Deno.mkdirSync(repository);
  Deno.writeTextFileSync(join(repository, "price.txt"), "tea 3.20\ncake 4.50\n");
  git(repository, "init", "--quiet", "--initial-branch=main");
  git(repository, "config", "user.name", "demo");
  git(repository, "config", "user.email", "demo@localhost");
  git(repository, "config", "commit.gpgsign", "false");
  git(repository, "config", "core.hooksPath", "/dev/null");
  git(repository, "add", ".");
  git(repository, "commit", "--quiet", "--message", "open the shop");
  Deno.writeTextFileSync(join(repository, "notes.md"), "- order more cake\n");
}

function git(repository: string, ...args: readonly string[]): string {
  try {
    const { code, stdout, stderr } = new Deno.Command("git", { args: [...args], cwd: repository })
      .outputSync();
    if (code === 0) return new TextDecoder().decode(stdout);
    throw new LooopError(`git ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new LooopError("the demo watches a real git repository, and git is not installed", {
      hint: "install git",
      cause: error,
    });
  }
}

/** Lists the subjects of the demo's repository, newest first. */
export function subjectsOf({ repository }: DemoWorld): readonly string[] {
  return git(repository, "log", "--format=%s").trim().split("\n");
}

function sensorScript(repository: string): string {
  return `#!/usr/bin/env bash
cd ${quoteForShell(repository)} || exit 1
printf '{"signal":{"head":"%s","dirty":%d},"detail":{"looked":"%s"}}\\n' \\
  "$(git log -1 --format=%s)" "$(git status --porcelain | wc -l)" "$(date +%T)"
`;
}

function workerScript(repository: string): string {
  return `#!/usr/bin/env bash
# The demo's worker: a program in a real terminal, with a contract and a task in the file $1.
set -euo pipefail
cd ${quoteForShell(repository)}
echo "worker $LOOOP_SESSION_ID on $(tty): looking at the shop"
git status --short
answer=$("$LOOOP_BIN" ask "$LOOOP_SESSION_ID" --options yes,no \\
  --prompt "notes.md is not committed. Commit it?")
echo "the human said: $answer"
if [ "$answer" = yes ]; then
  git add notes.md
  git commit --quiet --message "keep the notes"
fi
printf '# tidy\\n\\nCommitted notes.md after a %s.\\n' "$answer" > "$LOOOP_REPORTS_DIR/tidy.md"
echo "report written; good bye"
`;
}
