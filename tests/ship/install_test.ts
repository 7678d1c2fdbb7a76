import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../src/base/version.ts";
import { bundle, CHECKOUT } from "../../src/ship/bundle.ts";
import { findHostTarget } from "../../src/ship/targets.ts";
import {
  checksums,
  fakeBinary,
  gzip,
  type Served,
  serveRelease,
  serveTruncated,
} from "../helpers/release_server.ts";
import { isRunning } from "../helpers/processes.ts";
import { fromFileUrl, withTempDir } from "../helpers/temp_dir.ts";

const SCRIPT = fromFileUrl("../../install.sh", import.meta.url);
const TARGET = findHostTarget()?.triple ?? "";
const BINARY = `looop-${TARGET}.gz`;

interface Installed {
  readonly code: number;
  readonly said: string;
  readonly home: string;
  /** What stands in the install folder afterwards. */
  readonly files: readonly string[];
}

/** Runs install.sh as `curl … | bash` does, in a home with an awkward name. */
async function install(
  folder: string,
  env: Readonly<Record<string, string>>,
  script = Deno.readTextFileSync(SCRIPT),
  args: readonly string[] = [],
): Promise<Installed> {
  const home = join(folder, `it's a "home"`);
  await Deno.mkdir(home, { recursive: true });
  const child = new Deno.Command("bash", {
    args: ["-s", "--", ...args],
    cwd: folder,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: {
      HOME: home,
      PATH: "/usr/local/bin:/usr/bin:/bin",
      TMPDIR: folder,
      DENO: Deno.execPath(),
      DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "", ".cache/deno"),
      ...env,
    },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return { code, said, home, files: list(join(home, ".local/bin")) };
}

function list(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return []; // No folder, nothing in it.
  }
}

async function versionOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args: ["version"], stdin: "null" }).output();
  return new TextDecoder().decode(stdout).trim();
}

async function release(
  assets: Record<string, Uint8Array>,
  at = "latest/download",
): Promise<Served> {
  const files = { ...assets, SHA256SUMS: await checksums(assets) };
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [`${at}/${name}`, file]));
}

/** The real program as a release carries it for systems without a binary. */
async function realBundle(folder: string): Promise<Uint8Array> {
  await bundle(join(folder, "parts"));
  const archive = join(folder, "looop-bundle.tar.gz");
  const { code } = await new Deno.Command("tar", {
    args: ["-czf", archive, "-C", join(folder, "parts"), "."],
  }).output();
  equal(code, 0);
  return await Deno.readFile(archive);
}

Deno.test("install.sh installs a release's binary, again over itself, and says what to do next", () =>
  withTempDir(async (folder) => {
    await using server = serveRelease(await release({ [BINARY]: fakeBinary("9.9.9") }));
    const env = { LOOOP_RELEASE_URL: server.url };
    for (const round of [1, 2]) {
      const { code, said, home, files } = await install(folder, env);
      equal(code, 0, `round ${round}: ${said}`);
      deepEqual(files, ["looop"]);
      const bin = join(home, ".local/bin/looop");
      equal((await Deno.stat(bin)).mode! & 0o777, 0o755);
      equal(await versionOf(bin), "looop 9.9.9");
      match(said, /not on your PATH yet/);
      match(said, /To uninstall: rm -f/);
    }
    const { said } = await install(folder, {
      ...env,
      PATH: `${join(folder, `it's a "home"`)}/.local/bin:/usr/bin:/bin`,
    });
    ok(!said.includes("PATH"), said);
  }));

Deno.test("install.sh takes the version and the folder that it is told", () =>
  withTempDir(async (folder) => {
    await using server = serveRelease({
      ...await release({ [BINARY]: fakeBinary("0.9.0") }, "download/v0.9.0"),
      ...await release({ [BINARY]: fakeBinary("7.7.7") }, "download/v0.8.0"),
    });
    const env = { LOOOP_RELEASE_URL: server.url, LOOOP_INSTALL_DIR: join(folder, "other bin") };
    const good = await install(folder, { ...env, LOOOP_VERSION: "v0.9.0" });
    equal(good.code, 0, good.said);
    equal(await versionOf(join(folder, "other bin/looop")), "looop 0.9.0");
    const lying = await install(folder, { ...env, LOOOP_VERSION: "0.8.0" });
    notEqual(lying.code, 0);
    match(lying.said, /it says it is looop 7\.7\.7/);
    const odd = await install(folder, { ...env, LOOOP_VERSION: "../evil" });
    match(odd.said, /write a version such as/);
    equal(await versionOf(join(folder, "other bin/looop")), "looop 0.9.0");
    deepEqual(list(join(folder, "other bin")), ["looop"]);
  }));

Deno.test("install.sh refuses a binary that is corrupt, cut short or without checksum, and keeps the old one", () =>
  withTempDir(async (folder) => {
    const good = fakeBinary("9.9.9");
    const served = await release({ [BINARY]: good });
    const old = join(folder, `it's a "home"/.local/bin/looop`);
    await Deno.mkdir(join(old, ".."), { recursive: true });
    await Deno.writeTextFile(old, "#!/bin/sh\necho looop old\n", { mode: 0o755 });
    const corrupt = good.slice();
    corrupt[corrupt.length - 1]! ^= 1;
    const bad: readonly (readonly [Served, RegExp])[] = [
      [{ ...served, [`latest/download/${BINARY}`]: corrupt }, /is not what the release made/],
      [{ ...served, [`latest/download/${BINARY}`]: good.slice(0, -9) }, /is not what the release/],
      [{ ...served, "latest/download/SHA256SUMS": "" }, /names no checksum for looop-/],
      [{ ...served, "latest/download/SHA256SUMS": `xyz  ${BINARY}\n` }, /names no checksum for/],
      [{ ...served, [`latest/download/${BINARY}`]: 403 }, /the server said 403/],
    ];
    for (const [files, why] of bad) {
      await using server = serveRelease(files);
      const { code, said, files: left } = await install(folder, { LOOOP_RELEASE_URL: server.url });
      equal(code, 1, said);
      match(said, why);
      deepEqual(left, ["looop"]);
      equal(await versionOf(old), "looop old");
    }
    await using server = serveTruncated(served["latest/download/SHA256SUMS"] as string);
    const { code, said } = await install(folder, { LOOOP_RELEASE_URL: server.url });
    equal(code, 1, said);
    match(said, /cannot fetch .*; is the network there\?/);
    equal(await versionOf(old), "looop old");
  }));

Deno.test("install.sh takes the bundle and a launcher where no binary fits, and the launcher works the same", () =>
  withTempDir(async (folder) => {
    const parts = await realBundle(folder);
    const assets = { "looop-bundle.tar.gz": parts };
    const cases: readonly (readonly [Record<string, Uint8Array>, RegExp, string[]])[] = [
      [assets, /names no checksum for looop-/, []],
      [{ ...assets, [BINARY]: fakeBinary("9.9.9") }, /does not have it/, [BINARY]],
      [{ ...assets, [BINARY]: gzip("\x7fELF not really") }, /does not run here/, []],
    ];
    for (const [all, why, missing] of cases) {
      const served = await release(all);
      for (const name of missing) delete served[`latest/download/${name}`];
      await using server = serveRelease(served);
      const { code, said, home, files } = await install(folder, { LOOOP_RELEASE_URL: server.url });
      equal(code, 0, said);
      match(said, why);
      deepEqual(files, ["looop"]);
      equal(await versionOf(join(home, ".local/bin/looop")), `looop ${VERSION}`);
      equal(list(join(home, ".local/share/looop")).length, 1);
    }
  }));

Deno.test("install.sh replaces a program while it runs", () =>
  withTempDir(async (folder) => {
    const bin = join(folder, "bin");
    await Deno.mkdir(bin);
    await Deno.copyFile("/bin/sleep", join(bin, "looop"));
    const running = new Deno.Command(join(bin, "looop"), { args: ["600"] }).spawn();
    try {
      await using server = serveRelease(await release({ [BINARY]: fakeBinary("9.9.9") }));
      const env = { LOOOP_RELEASE_URL: server.url, LOOOP_INSTALL_DIR: bin };
      const { code, said } = await install(folder, env);
      equal(code, 0, said);
      equal(await versionOf(join(bin, "looop")), "looop 9.9.9");
      ok(isRunning(running.pid), "the old program was ended");
    } finally {
      running.kill("SIGTERM");
      await running.status;
    }
  }));

Deno.test("install.sh asks for the binary that fits the machine", () =>
  withTempDir(async (folder) => {
    await using server = serveRelease({ "latest/download/SHA256SUMS": "" });
    const machines = [
      ["Linux", "aarch64", "aarch64-unknown-linux-gnu"],
      ["Darwin", "arm64", "aarch64-apple-darwin"],
      ["Darwin", "x86_64", "x86_64-apple-darwin"],
      ["FreeBSD", "amd64", "There is no binary for FreeBSD on amd64"],
    ] as const;
    for (const [os, arch, expected] of machines) {
      const uname = `#!/bin/sh\ncase $1 in -s) echo ${os} ;; *) echo ${arch} ;; esac\n`;
      await Deno.writeTextFile(join(folder, "uname"), uname, { mode: 0o755 });
      const { said } = await install(folder, {
        LOOOP_RELEASE_URL: server.url,
        PATH: `${folder}:/usr/bin:/bin`,
      });
      ok(said.includes(expected), said);
    }
  }));

Deno.test("half of install.sh does nothing, and plain http is refused", () =>
  withTempDir(async (folder) => {
    const script = await Deno.readTextFile(SCRIPT);
    for (let at = 0.1; at < 1; at += 0.15) {
      await install(folder, {}, script.slice(0, Math.floor(script.length * at)));
      await install(folder, {}, script.slice(0, -9 - Math.floor(at * 20)));
    }
    deepEqual(list(join(folder, `it's a "home"`)), []);
    const { code, said } = await install(folder, { LOOOP_RELEASE_URL: "http://example.invalid" });
    equal(code, 1);
    match(said, /only https is taken/);
  }));

Deno.test("install.sh tells its usage when asked, refuses every other argument, and then installs nothing", () =>
  withTempDir(async (folder) => {
    const table: readonly (readonly [args: readonly string[], code: number, says: RegExp])[] = [
      [["--help"], 0, /^Usage: install\.sh[^]*LOOOP_INSTALL_DIR/],
      [["-h"], 0, /^Usage: install\.sh/],
      [["--prefix=/x"], 2, /no argument "--prefix=\/x": nothing was installed; see .* --help/],
      [["0.13.0"], 2, /no argument "0\.13\.0"/],
      [[""], 2, /no argument ""/],
    ];
    for (const [args, expected, says] of table) {
      const { code, said, home } = await install(folder, {}, undefined, args);
      equal(code, expected, said);
      match(said, says);
      deepEqual(list(home), []);
    }
  }));

Deno.test("install.sh in a checkout builds what is checked out, and the result outlives the checkout", () =>
  withTempDir(async (folder) => {
    const home = join(folder, "home");
    const copy = join(folder, "check out");
    await Deno.mkdir(home);
    await Deno.mkdir(copy);
    for (const part of ["main.ts", "deno.json", "deno.lock", "install.sh", "src", "seeds"]) {
      const { code } = await new Deno.Command("cp", { args: ["-R", join(CHECKOUT, part), copy] })
        .output();
      equal(code, 0);
    }
    const { code, stderr } = await new Deno.Command(join(copy, "install.sh"), {
      env: { HOME: home, DENO: Deno.execPath(), LOOOP_INSTALL_DIR: "", XDG_DATA_HOME: "" },
      stdin: "null",
    }).output();
    equal(code, 0, new TextDecoder().decode(stderr));
    await Deno.remove(copy, { recursive: true });
    equal(await versionOf(join(home, ".local/bin/looop")), `looop ${VERSION}`);
  }));

const hasShellcheck = await new Deno.Command("shellcheck", { args: ["--version"] }).output()
  .then(() => true, () => false);

Deno.test({
  name: "install.sh and .ci/run are clean to shellcheck" +
    (hasShellcheck ? "" : " (needs shellcheck)"),
  ignore: !hasShellcheck,
  async fn() {
    const ci = fromFileUrl("../../.ci/run", import.meta.url);
    const { code, stdout } = await new Deno.Command("shellcheck", { args: [SCRIPT, ci] }).output();
    equal(code, 0, new TextDecoder().decode(stdout));
  },
});
