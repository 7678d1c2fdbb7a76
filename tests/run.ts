/**
 * Runs the test suite and closes with one plain line that any reader understands:
 * `N passed, N failed, N skipped`. Exits non-zero when a test failed, none ran, or one left a
 * process behind. Builds the real binary once for the tests that want it, where it can be built.
 *
 * @module
 */
import { findLeftovers } from "./helpers/leftovers.ts";

const SUMMARY =
  /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/g;

/** What a binary is made of. */
const SOURCES = ["deno.json", "deno.lock", "main.ts", "src", "seeds"] as const;

/**
 * Builds the binary under test from a copy of the checkout, which is gone when the tests begin: the
 * binary must not need it. Undefined, with a word, where no runtime for it is at hand.
 */
async function buildBinary(path: string, copy: string): Promise<string | undefined> {
  const { DENO, DENORT_BIN, LOOOP_TEST_COMPILE } = Deno.env.toObject();
  if (!(DENO && DENORT_BIN) && LOOOP_TEST_COMPILE !== "1") {
    console.log("tests of the compiled binary are skipped: DENO and DENORT_BIN are not set");
    return undefined;
  }
  Deno.mkdirSync(copy);
  await new Deno.Command("cp", { args: ["-R", ...SOURCES, copy] }).output();
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "src/ship/compile.ts", "--output", path],
    cwd: copy,
    stdout: "null",
  }).spawn().status;
  Deno.removeSync(copy, { recursive: true });
  if (code !== 0) throw new Error("the binary under test could not be built");
  return path;
}

/** Runs `deno test`, passing its output on. */
async function runTests(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ readonly code: number; readonly output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--parallel", "--no-check", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1", ...env },
  }).spawn();
  let output = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    Deno.stdout.writeSync(chunk);
    output = (output + decoder.decode(chunk, { stream: true })).slice(-65536);
  }
  return { code: (await child.status).code, output };
}

/** Returns the folder of Deno's cache: tests run looop in other homes, which must not fetch it all again. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Ends a process that was left behind; one that has gone by now is fine. */
function end(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function isPath(argument: string): boolean {
  try {
    return !argument.startsWith("-") && Deno.statSync(argument) !== undefined;
  } catch {
    return false; // A flag's value, or a path that `deno test` itself will complain about.
  }
}

// After an interrupt the child ends first; this one still cleans up and counts.
Deno.addSignalListener("SIGINT", () => {});
const scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "looop-tests-" }));
let exitCode = 1;
try {
  const binary = await buildBinary(`${scratch}/bin/looop`, `${scratch}/checkout`);
  const tmp = `${scratch}/tmp`;
  Deno.mkdirSync(tmp);
  const { code, output } = await runTests(
    [...Deno.args, ...(Deno.args.some(isPath) ? [] : ["tests/"])],
    {
      TMPDIR: tmp,
      DENO_DIR: await denoDir(),
      ...(binary === undefined ? {} : { LOOOP_TEST_BINARY: binary }),
    },
  );
  const leftovers = await findLeftovers(scratch);
  for (const { pid, command } of leftovers) {
    console.log(`left behind: process ${pid}: ${command}`);
    end(pid);
  }
  const [, passed = "0", failed = "0", skipped = "0"] = [...output.matchAll(SUMMARY)].at(-1) ?? [];
  // A run that broke off, and processes left behind, are failures that `deno test` has not counted.
  const uncounted = leftovers.length > 0 || (code !== 0 && failed === "0") ? 1 : 0;
  console.log(`\n${passed} passed, ${Number(failed) + uncounted} failed, ${skipped} skipped`);
  exitCode = code !== 0 ? code : uncounted > 0 || Number(passed) === 0 ? 1 : 0;
} finally {
  await Deno.remove(scratch, { recursive: true });
}
Deno.exit(exitCode);
