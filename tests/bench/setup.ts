/**
 * Builds what is measured: looop's binary, an empty one of the same make, and small programs around
 * single parts. Without the toolchain everything runs from source, and the rows say so.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf } from "../../src/base/errors.ts";
import { build, compile } from "../../src/ship/compile.ts";
import { CHECKOUT } from "../../src/ship/bundle.ts";
import { findHostTarget } from "../../src/ship/targets.ts";
import { bundlerCommand, runTool } from "../../src/ship/tool.ts";

/** A command line. */
export type Command = readonly string[];

/** What is there to be measured. */
export interface Setup {
  readonly scratch: string;
  readonly isQuick: boolean;
  /** Why nothing was compiled; undefined where it was. */
  readonly fromSource: string | undefined;
  readonly looop: Command;
  /** Ends at once. */
  readonly empty: Command;
  /** Sleeps until it is ended. */
  readonly idle: Command;
  /** Makes a command of a file in `programs/`. */
  readonly program: (name: string) => Promise<Command>;
  /** Whether a peer is installed, after an attempt to install it. */
  readonly hasTmux: boolean;
  readonly tell: (line: string) => void;
}

const PROGRAMS = join(CHECKOUT, "tests/bench/programs");
const FROM_SOURCE = [Deno.execPath(), "run", "-A", "--no-check", "--quiet"];

/** Prepares everything; `scratch` is an empty folder of the caller's. */
export async function prepare(
  scratch: string,
  { isQuick, tell }: Pick<Setup, "isQuick" | "tell">,
): Promise<Setup> {
  const bin = join(scratch, "bin");
  await Deno.mkdir(bin);
  const compileProgram = async (name: string): Promise<Command> => {
    const output = join(bin, name);
    await compileEntry(join(PROGRAMS, `${name}.ts`), output);
    return [output];
  };
  const interpretProgram = (name: string): Promise<Command> =>
    Promise.resolve([...FROM_SOURCE, join(PROGRAMS, `${name}.ts`)]);
  const rest = { scratch, isQuick, tell, hasTmux: await ensureTmux(tell) };
  try {
    tell("building looop and its peers …");
    const looop = join(bin, "looop");
    await build([hostTarget()], () => looop);
    return {
      ...rest,
      fromSource: undefined,
      looop: [looop],
      empty: await compileProgram("empty"),
      idle: await compileProgram("idle"),
      program: compileProgram,
    };
  } catch (error) {
    const why = messageOf(error).split("\n")[0]!;
    tell(`nothing can be compiled here, so that everything runs from source: ${why}`);
    return {
      ...rest,
      fromSource: why,
      looop: [...FROM_SOURCE, join(CHECKOUT, "main.ts")],
      empty: await interpretProgram("empty"),
      idle: await interpretProgram("idle"),
      program: interpretProgram,
    };
  }
}

/** Compiles one entry point exactly as looop itself is compiled. */
async function compileEntry(entry: string, output: string): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "looop-bench-" });
  try {
    await runTool([
      ...bundlerCommand(),
      ...["bundle", "--quiet", "--code-splitting", "--frozen", "--outdir", work],
      entry,
    ], { cwd: CHECKOUT });
    // The bundler names the result after its entry.
    const made = [...Deno.readDirSync(work)].map(({ name }) => name);
    if (!made.includes("main.js")) {
      const own = entry.split("/").at(-1)!.replace(/\.ts$/, ".js");
      await Deno.rename(join(work, own), join(work, "main.js"));
    }
    await compile(work, { target: hostTarget(), output });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

function hostTarget() {
  const target = findHostTarget();
  if (!target) throw new Error("no binary for this system");
  return target;
}

/** The one peer that a system may lack and Debian has. */
async function ensureTmux(tell: (line: string) => void): Promise<boolean> {
  if (await works("tmux", ["-V"])) return true;
  tell("installing tmux, to be compared with …");
  return await works("apt-get", ["install", "--yes", "--quiet", "tmux"]) &&
    await works("tmux", ["-V"]);
}

async function works(program: string, args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false; // Not there.
  }
}
