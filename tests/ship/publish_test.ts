import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../src/base/version.ts";
import { rewriteSource, writePublishTree } from "../../src/ship/publish.ts";
import { Home, type Ran } from "../helpers/home.ts";
import { serveJsrPackage } from "../helpers/jsr_server.ts";
import { fromFileUrl } from "../helpers/temp_dir.ts";

/** Runs Deno outside the checkout, with a cache of its own that shares only what npm sent. */
async function runDeno(
  home: Home,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const cache = join(home.dir, "deno cache");
  const shared = home.env()["DENO_DIR"]!;
  await Deno.mkdir(cache, { recursive: true });
  await Deno.symlink(join(shared, "npm"), join(cache, "npm")).catch(() => {});
  const { code, stdout, stderr } = await new Deno.Command(args[0]!, {
    args: args.slice(1),
    cwd: home.dir,
    clearEnv: true,
    stdin: "null",
    env: { ...home.env(env), DENO_DIR: cache },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out!, stderr: err! };
}

/** Lets the runner use LOOOP_BIN, in the way that a worker would, and then decide. */
function decideThroughLooopBin(home: Home): void {
  home.configure(`"$LOOOP_BIN" version > ${home.dir}/said.txt &&
    echo '{"action":"write_goal","id":"x","body":"goal: x\\n"}' > "$LOOOP_DECISION_FILE"`);
}

Deno.test("the package runs from a folder of its own: version, seeding, a beat, LOOOP_BIN", async () => {
  using home = new Home("it's the data");
  const tree = join(home.dir, "the package");
  await writePublishTree(tree);
  const looop = (...args: string[]) =>
    runDeno(home, [Deno.execPath(), "run", "-A", "--quiet", join(tree, "main.ts"), ...args]);
  equal((await looop("version")).stdout, `looop ${VERSION}\n`);
  decideThroughLooopBin(home);
  const beat = await looop("tick");
  equal(beat.code, 0, beat.stdout + beat.stderr);
  equal(home.read("../said.txt"), `looop ${VERSION}\n`);
  equal(home.read("goals/x.md"), "goal: x\n");
  for (const seed of ["PLAYBOOK.md", "goals/setup.md", "sensors/today.sh", ".gitignore"]) {
    const source = seed === ".gitignore" ? "gitignore" : seed;
    const expected = await Deno.readTextFile(
      fromFileUrl(`../../seeds/${source}`, import.meta.url),
    );
    equal(home.read(seed), expected, seed);
  }
});

Deno.test("the package runs from a registry, and LOOOP_BIN goes on with the same version", async () => {
  using home = new Home();
  const tree = join(home.dir, "package");
  await writePublishTree(tree);
  await using registry = await serveJsrPackage(tree);
  await Deno.remove(tree, { recursive: true });
  const env = { JSR_URL: `${registry.url}/` };
  const looop = (...args: string[]) =>
    runDeno(home, [Deno.execPath(), "run", "-A", "--quiet", "jsr:@looop/cli", ...args], env);
  const version = await looop("version");
  equal(version.stdout, `looop ${VERSION}\n`, version.stderr);
  decideThroughLooopBin(home);
  const beat = await looop("tick");
  equal(beat.code, 0, beat.stdout + beat.stderr);
  equal(home.read("../said.txt"), `looop ${VERSION}\n`);
  const launcher = await looop("_launcher", join(home.dir, "launcher"));
  match(
    await Deno.readTextFile(launcher.stdout.trim()),
    new RegExp(`/@looop/cli/${VERSION}/main\\.ts`),
  );
});

Deno.test("install.sh takes the package from the registry where there is no release", async () => {
  using home = new Home();
  const tree = join(home.dir, "package");
  await writePublishTree(tree);
  await using registry = await serveJsrPackage(tree);
  const script = fromFileUrl("../../install.sh", import.meta.url);
  const env = {
    JSR_URL: `${registry.url}/`,
    LOOOP_RELEASE_URL: `${registry.url}/no-releases`,
    DENO: Deno.execPath(),
  };
  const { code, stderr } = await runDeno(home, ["bash", script], env);
  equal(code, 0, stderr);
  match(stderr, /There is no release/);
  const ran = await runDeno(home, [join(home.dir, ".local/bin/looop"), "version"], env);
  equal(ran.stdout, `looop ${VERSION}\n`, ran.stderr);
});

Deno.test("rewriteSource() turns text imports into modules and bare names into full ones", () => {
  const imports = { "zod/mini": "npm:zod@^4/mini" };
  const source = [
    `import a from "../seeds/a.md" with { type: "text" };`,
    `import b from "./b" with {\n  type: "text",\n};`,
    `import * as z from "zod/mini";`,
    `const lazy = await import("zod/mini");`,
    `import { join } from "node:path";`,
    `// taken from "a place" elsewhere`,
  ].join("\n");
  const { text, imported } = rewriteSource(source, "/x/src/m.ts", imports);
  equal(
    text,
    [
      `import a from "../seeds/a.md.ts";`,
      `import b from "./b.ts";`,
      `import * as z from "npm:zod@^4/mini";`,
      `const lazy = await import("npm:zod@^4/mini");`,
      `import { join } from "node:path";`,
      `// taken from "a place" elsewhere`,
    ].join("\n"),
  );
  deepEqual(imported, ["/x/seeds/a.md", "/x/src/b"]);
  ok(!text.includes("with"));
  throws(
    () => rewriteSource(`import j from "./j.json" with { type: "json" };`, "/x/m.ts", imports),
    /imports something other than text/,
  );
});
