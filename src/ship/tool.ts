/**
 * Runs the tools that building needs, and says why when one fails.
 *
 * @module
 */
import { basename } from "node:path";
import { LooopError, messageOf } from "../base/errors.ts";

/** Oldest Deno whose bundles hold: earlier ones break text imports or packages with node parts. */
const BUNDLER_VERSION = "2.9.6";

/** How to run a tool. */
export interface ToolOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a tool to its end, without input. Certificates come from the machine too where nobody chose.
 *
 * @returns What it printed on standard output.
 * @throws {LooopError} With the tool's last words, when it is missing or fails.
 */
export async function runTool(
  command: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const [program = "", ...args] = command;
  const env: Record<string, string> = {
    DENO_TLS_CA_STORE: "system,mozilla",
    ...Deno.env.toObject(),
    NO_COLOR: "1",
  };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
    stdin: "null",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  }).output().catch((error: unknown) => {
    throw new LooopError(`cannot run ${program}: ${messageOf(error)}`, { cause: error });
  });
  const said = new TextDecoder().decode(stdout);
  if (code === 0) return said;
  const complaint = (new TextDecoder().decode(stderr).trim() || said.trim())
    .replace(/\n\s*Stack backtrace:[^]*/, "").slice(-4000);
  throw new LooopError(`${basename(program)} ${args[0] ?? ""} ended with ${code}: ${complaint}`);
}

/** Returns a command for a Deno that is new enough to bundle: this one, else one from npm. */
export function bundlerCommand(running = Deno.version.deno): readonly string[] {
  return compareVersions(running, BUNDLER_VERSION) >= 0
    ? [Deno.execPath()]
    : ["npx", "--yes", `deno@${BUNDLER_VERSION}`];
}

/** Compares two versions by their numbers; below 0 when `a` is the older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  const index = left!.findIndex((number, at) => number !== right![at]);
  return index < 0 ? 0 : left![index]! - right![index]!;
}
