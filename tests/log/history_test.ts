import { deepEqual, equal, match, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { History } from "../../src/log/history.ts";
import type { Environment } from "../../src/profile/environment.ts";

/** One test's world: a data dir, a home with the person's own git settings, and what surrounds it. */
interface World {
  readonly dir: string;
  readonly data: string;
  readonly env: Environment;
  write(path: string, text: string): void;
  /** Runs the person's own git in the data dir. */
  git(...args: string[]): string;
}

async function withWorld(
  use: (world: World) => Promise<void>,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const dir = Deno.makeTempDirSync({ prefix: "looop-history é '" });
  const data = join(dir, "data");
  const config = join(dir, "gitconfig");
  Deno.mkdirSync(data);
  Deno.writeTextFileSync(config, "[user]\nname = Ada Human\nemail = ada@example.org\n");
  const own: Record<string, string> = {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: dir,
    USER: "ada",
    GIT_CONFIG_GLOBAL: config,
    ...variables,
  };
  const world: World = {
    dir,
    data,
    env: (name) => own[name] || undefined,
    write(path, text) {
      Deno.mkdirSync(dirname(join(data, path)), { recursive: true });
      Deno.writeTextFileSync(join(data, path), text);
    },
    git(...args) {
      const { stdout, stderr, code } = new Deno.Command("git", {
        args,
        cwd: data,
        clearEnv: true,
        env: { PATH: own.PATH!, HOME: dir, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: "1" },
      }).outputSync();
      equal(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout).trim();
    },
  };
  try {
    await use(world);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

function seed({ write }: World): void {
  write("PLAYBOOK.md", "be kind\n");
  write("goals/setup.md", "goal: set up\n");
  write("sensors/today.sh", "date\n");
  write(
    ".gitignore",
    "*\n!.gitignore\n!PLAYBOOK.md\n!goals/\n!goals/**\n!sensors/\n!sensors/**\n!journal*\n",
  );
  write("cost.jsonl", "{}\n");
  write("asks/q1.json", "{}\n");
  write(".intent", "{}\n");
  write("goals/.setup.md.swp", "editor\n");
  write("journal/.rotation", "{}\n");
}

const subjects = (world: World) => world.git("log", "--format=%an|%s", "--reverse").split("\n");

Deno.test("the first commit holds the durable memory only; moves are looop's, edits the human's", () =>
  withWorld(async (world) => {
    seed(world);
    const history = new History(world.data, world.env);
    deepEqual(await history.begin(), { isCommitted: false, files: [] });
    deepEqual(world.git("ls-files").split("\n"), [
      ".gitignore",
      "PLAYBOOK.md",
      "goals/setup.md",
      "sensors/today.sh",
    ]);
    deepEqual(await history.commitHumanEdits(), { isCommitted: false, files: [] });

    world.write("goals/a 'b' é.md", "goal: x\n");
    Deno.removeSync(join(world.data, "goals/setup.md"));
    const edits = await history.commitHumanEdits();
    deepEqual([...edits.files].sort(), ["goals/a 'b' é.md", "goals/setup.md"]);
    world.write("PLAYBOOK.md", "be quick\n");
    ok((await history.commitHumanEdits("changed while deciding: PLAYBOOK.md")).isCommitted);
    world.write("journal.md", "- 2026-11-20 10:00 moved\n");
    world.write("goals/new.md", "goal: y\n");
    ok((await history.commitMove("moved: it's\n#1 \x1b[31m")).isCommitted);

    deepEqual(subjects(world), [
      "looop|begin the history of this profile",
      "Ada Human|edited by hand: goals/a 'b' é.md, goals/setup.md",
      "Ada Human|changed while deciding: PLAYBOOK.md",
      "looop|moved: it's #1",
    ]);
    equal(
      world.git("status", "--porcelain", "--", "goals", "PLAYBOOK.md"),
      "?? goals/.setup.md.swp",
    );
    equal(world.git("log", "-1", "--format=%ae %cn", "HEAD~1"), "ada@example.org looop");
    equal(world.git("remote"), "");
  }));

Deno.test("a commit that is limited to a move's files leaves the human's edits to the human", () =>
  withWorld(async (world) => {
    seed(world);
    const history = new History(world.data, world.env);
    await history.begin();
    world.write("goals/by-move.md", "1\n");
    world.write("goals/by-hand.md", "2\n");
    deepEqual((await history.commitMove("move", ["goals/by-move.md"])).files, ["goals/by-move.md"]);
    deepEqual((await history.commitHumanEdits()).files, ["goals/by-hand.md"]);
  }));

Deno.test("what the machine, the person and the caller have set changes no commit and runs nothing", () =>
  withWorld(async (world) => {
    seed(world);
    const trap = join(world.dir, "trap.sh");
    Deno.writeTextFileSync(
      trap,
      `#!/bin/sh\ntouch '${world.dir.replaceAll("'", `'\\''`)}/sprung'\nexit 1\n`,
      {
        mode: 0o755,
      },
    );
    const hooks = join(world.dir, "hooks");
    Deno.mkdirSync(join(world.dir, "template/hooks"), { recursive: true });
    Deno.mkdirSync(hooks);
    for (const name of ["pre-commit", "commit-msg", "post-commit", "post-index-change"]) {
      Deno.copyFileSync(trap, join(hooks, name));
      Deno.copyFileSync(trap, join(world.dir, "template/hooks", name));
    }
    Deno.writeTextFileSync(
      join(world.dir, "gitconfig"),
      `[user]\nname = Ada Human\nemail = ada@example.org\nsigningKey = none\n` +
        `[commit]\ngpgSign = true\ntemplate = /nowhere\n[gpg]\nprogram = "${trap}"\n` +
        `[core]\nhooksPath = "${hooks}"\nfsmonitor = "${trap}"\neditor = "${trap}"\nautocrlf = true\n` +
        `excludesFile = "${join(world.dir, "exclude")}"\n` +
        `[init]\ntemplateDir = "${join(world.dir, "template")}"\ndefaultBranch = odd\n` +
        `[status]\nshowUntrackedFiles = no\n[user]\nuseConfigOnly = true\n`,
    );
    Deno.writeTextFileSync(join(world.dir, "exclude"), "*.md\n");
    const history = new History(world.data, world.env);
    equal((await history.begin()).warning, undefined);
    world.write("goals/x.md", "windows\r\n");
    equal((await history.commitHumanEdits()).warning, undefined);
    // Hooks and a monitor of the repository itself stay quiet, too.
    Deno.mkdirSync(join(world.data, ".git/hooks"), { recursive: true });
    Deno.copyFileSync(trap, join(world.data, ".git/hooks/pre-commit"));
    world.git("config", "core.fsmonitor", trap);
    world.git("config", "commit.gpgSign", "true");
    world.git("config", "core.hooksPath", ".git/hooks");
    world.write("goals/x.md", "windows again\r\n");
    equal((await history.commitMove("move")).warning, undefined);
    ok(![...Deno.readDirSync(world.dir)].some(({ name }) => name === "sprung"));
    equal(subjects(world).length, 3);
    equal(world.git("cat-file", "-p", "HEAD:goals/x.md"), "windows again");
    equal(Deno.readTextFileSync(join(world.data, ".git/HEAD")), "ref: refs/heads/main\n");
  }, {
    GIT_DIR: "/nowhere/.git",
    GIT_INDEX_FILE: "/nowhere/index",
    GIT_WORK_TREE: "/nowhere",
    GIT_AUTHOR_NAME: "Mallory",
    GIT_AUTHOR_DATE: "2001-01-01T00:00:00Z",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.bare",
    GIT_CONFIG_VALUE_0: "true",
  }));

Deno.test("a person without a git identity still gets commits in their login's name", () =>
  withWorld(async (world) => {
    Deno.writeTextFileSync(join(world.dir, "gitconfig"), "[user]\nuseConfigOnly = true\n");
    seed(world);
    const history = new History(world.data, world.env);
    await history.begin();
    world.write("PLAYBOOK.md", "2\n");
    ok((await history.commitHumanEdits()).isCommitted);
    equal(world.git("log", "-1", "--format=%an <%ae>"), "ada <ada@localhost>");
  }));

Deno.test("a data dir that is a repository already is used; what the person has staged stays staged", () =>
  withWorld(async (world) => {
    world.git("init", "-q", "-b", "work");
    world.write("notes.txt", "mine\n");
    world.write("goals/old.md", "1\n");
    world.git("add", ".");
    world.git("commit", "-qm", "mine");
    world.write("notes.txt", "staged\n");
    world.git("add", "notes.txt");
    world.git("rm", "-q", "goals/old.md");
    world.write("goals/gone.md", "staged, then deleted\n");
    world.git("add", "goals/gone.md");
    Deno.removeSync(join(world.data, "goals/gone.md"));
    seed(world);
    const history = new History(world.data, world.env);
    const result = await history.commitHumanEdits();
    equal(result.warning, undefined);
    ok(result.files.includes("goals/old.md"));
    equal(world.git("diff", "--cached", "--name-only"), "notes.txt");
    equal(world.git("branch", "--show-current"), "work");
    deepEqual(subjects(world).length, 2);
    deepEqual(await history.commitHumanEdits(), { isCommitted: false, files: [] });
  }));

Deno.test("inside a larger repository nothing is nested and nothing committed, also where git is missing", async () => {
  await withWorld(async (world) => {
    seed(world);
    new Deno.Command("git", { args: ["init", "-q"], cwd: world.dir }).outputSync();
    const history = new History(world.data, world.env);
    deepEqual(await history.commitMove("move"), { isCommitted: false, files: [] });
    equal(history.absence, "inside_repository");
    ok(![...Deno.readDirSync(world.data)].some(({ name }) => name === ".git"));
  });
  await withWorld(async (world) => {
    seed(world);
    const history = new History(world.data, world.env);
    deepEqual(await history.commitMove("move"), { isCommitted: false, files: [] });
    equal(history.absence, "no_git");
  }, { PATH: "/nowhere" });
});

Deno.test("a lock that a killed git left is removed, one whose git may live is left alone and named", () =>
  withWorld(async (world) => {
    seed(world);
    const history = new History(world.data, world.env);
    await history.begin();
    const path = (name: string) => join(world.data, ".git", name);
    // Others on this machine may run a git now and then: then a lock rightly stays.
    const mend = async () => {
      const deadline = Date.now() + 30_000;
      let result = await history.commitHumanEdits();
      while (result.warning !== undefined && Date.now() < deadline) {
        result = await history.commitHumanEdits();
      }
      equal(result.warning, undefined);
    };
    Deno.writeTextFileSync(path("index.lock"), "");
    world.write("goals/x.md", "1");
    const living = new Deno.Command("bash", { args: ["-c", "exec -a git sleep 60"] }).spawn();
    const held = await history.commitMove("move over index.lock");
    match(held.warning ?? "", /^git: .*\.lock is in the way; remove it if no git is running$/);
    living.kill();
    await living.status;
    await mend();
    world.write("goals/x.md", "2");
    for (const name of ["index.lock", "HEAD.lock", "refs/heads/main.lock"]) {
      Deno.writeTextFileSync(path(name), "");
      Deno.utimeSync(path(name), new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    }
    await history.commitMove("move over all locks");
    await mend();
    // The move whose commit failed is still looop's.
    deepEqual(subjects(world).slice(1), [
      "looop|move over index.lock",
      "looop|move over all locks",
    ]);
  }));

Deno.test("a broken repository is a warning in one line, each time, and never an error", () =>
  withWorld(async (world) => {
    seed(world);
    const history = new History(world.data, world.env);
    await history.begin();
    Deno.writeTextFileSync(join(world.data, ".git/HEAD"), "nonsense\n");
    // A repository around it must not be taken for the broken one.
    new Deno.Command("git", { args: ["init", "-q"], cwd: world.dir }).outputSync();
    world.write("goals/x.md", "1");
    for (const result of [await history.commitHumanEdits(), await history.commitMove("move")]) {
      match(result.warning ?? "", /^git: fatal: not a git repository/);
      ok(!result.warning!.includes("\n"));
    }
    Deno.removeSync(world.data, { recursive: true });
    match((await history.commitMove("move")).warning ?? "", /^git: /);
    Deno.mkdirSync(world.data);
  }));

Deno.test("a history that has grown many loose objects is packed, in the foreground", () =>
  withWorld(async (world) => {
    seed(world);
    const history = new History(world.data, world.env);
    await history.begin();
    // Blobs whose ids begin with 17 lie in the folder that stands for all.
    for (let number = 0, found = 0; found < 9; number++) {
      const blob = new TextEncoder().encode(`blob ${String(number).length}\0${number}`);
      if (new Uint8Array(await crypto.subtle.digest("SHA-1", blob))[0] !== 0x17) continue;
      Deno.writeTextFileSync(join(world.dir, "blob"), String(number));
      world.git("tag", `t${found++}`, world.git("hash-object", "-w", join(world.dir, "blob")));
    }
    world.write("goals/x.md", "1");
    const result = await history.commitMove("move");
    deepEqual(result, { isCommitted: true, files: ["goals/x.md"] });
    match(world.git("count-objects", "-v"), /^count: 0$/m);
    equal(subjects(world).length, 2);
  }));

Deno.test("a data dir that is reached through a link has one history, its own", () =>
  withWorld(async (world) => {
    seed(world);
    new Deno.Command("git", { args: ["init", "-q", world.dir + "/other"] }).outputSync();
    const link = join(world.dir, "other", "link");
    Deno.symlinkSync(world.data, link);
    const history = new History(link, world.env);
    ok((await history.begin()).warning === undefined);
    world.write("goals/x.md", "1");
    equal((await history.commitHumanEdits()).isCommitted, true);
    equal(subjects(world).length, 2);
  }));
