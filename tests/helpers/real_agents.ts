/**
 * The real agent programs, at pinned versions, installed by npm into a cache outside the checkout.
 *
 * @module
 */
import { join } from "node:path";

/** An agent program and what npm installs for it. */
interface AgentPackage {
  readonly program: string;
  readonly name: string;
  readonly version: string;
  /** The oldest Node that runs it, when it needs one. */
  readonly node?: readonly [major: number, minor: number];
}

/** Says where an agent is, or why it is not. */
export interface InstalledAgent {
  /** Goes in front of PATH; undefined where the agent could not be installed. */
  readonly binDir?: string;
  readonly version: string;
  /** Why there is none. */
  readonly reason?: string;
}

/** A Node for machines whose own is too old for an agent. */
const NODE_VERSION = "22.23.3";

/** Each install has this long. */
const INSTALL_TIMEOUT_MS = 180_000;

const AGENTS = {
  pi: {
    program: "pi",
    name: "@earendil-works/pi-coding-agent",
    version: "0.87.1",
    node: [22, 19],
  },
  claude: { program: "claude", name: "@anthropic-ai/claude-code", version: "2.1.329" },
} as const satisfies Record<string, AgentPackage>;

/** Installs an agent unless the cache has it; never throws for want of npm or of a network. */
export async function installAgent(agent: keyof typeof AGENTS): Promise<InstalledAgent> {
  const wanted: AgentPackage = AGENTS[agent];
  const { version, program } = wanted;
  const home = Deno.env.get("HOME") ?? "/root";
  const cache = join(Deno.env.get("XDG_CACHE_HOME") || join(home, ".cache"), "looop-tests");
  const packages = [`${wanted.name}@${version}`, ...await companionNode(wanted)];
  const target = join(cache, [program, version, ...packages.slice(1)].join("-").replace("@", "-"));
  const binDir = join(target, "node_modules/.bin");
  if (await says(binDir, program, version)) return { binDir, version };
  // Installed aside and renamed, so that two runs at once never see half of it.
  Deno.mkdirSync(cache, { recursive: true });
  const scratch = Deno.makeTempDirSync({ dir: cache, prefix: "installing-" });
  try {
    const failure = await npmInstall(scratch, packages);
    if (failure !== undefined) return { version, reason: failure };
    await replaceFolder(scratch, target);
  } finally {
    await Deno.remove(scratch, { recursive: true }).catch(() => {}); // Renamed: all is well.
  }
  if (await says(binDir, program, version)) return { binDir, version };
  return { version, reason: `what is in ${target} does not run` };
}

/** Names a test after its agent; one that could not be installed skips it, by name. */
export function withAgent(
  { version, reason }: InstalledAgent,
  name: string,
): { readonly name: string; readonly ignore: boolean } {
  const ignore = reason !== undefined;
  return { name: `${name} (${version}${ignore ? `: not installed: ${reason}` : ""})`, ignore };
}

async function companionNode({ node }: AgentPackage): Promise<readonly string[]> {
  if (node === undefined) return [];
  const [, major = "0", minor = "0"] = /^v(\d+)\.(\d+)/.exec(await run("node", ["--version"])) ??
    [];
  const isNewEnough = Number(major) > node[0] ||
    (Number(major) === node[0] && Number(minor) >= node[1]);
  if (isNewEnough) return [];
  if (Deno.build.os !== "linux") return []; // Then the program says itself what it lacks.
  return [`node-linux-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}@${NODE_VERSION}`];
}

async function npmInstall(
  prefix: string,
  packages: readonly string[],
): Promise<string | undefined> {
  const flags = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  try {
    const { success, stderr } = await new Deno.Command("npm", {
      args: ["install", "--prefix", prefix, ...flags, ...packages],
      signal: AbortSignal.timeout(INSTALL_TIMEOUT_MS),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) return undefined;
    return new TextDecoder().decode(stderr).split("\n", 1)[0] || "npm failed";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "no npm here";
    throw error;
  }
}

async function replaceFolder(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    // Another run was faster; a broken older one would have to be removed by hand.
    if (!(error instanceof Error && /not empty|exists/i.test(error.message))) throw error;
  }
}

async function says(binDir: string, program: string, version: string): Promise<boolean> {
  // Its home is the cache, so that it leaves nothing in the caller's.
  const env = { PATH: `${binDir}:${Deno.env.get("PATH")}`, HOME: join(binDir, "../..") };
  return (await run(join(binDir, program), ["--version"], env)).includes(version);
}

/** Returns what a program prints; nothing where it is not there. */
async function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  try {
    const { stdout, stderr } = await new Deno.Command(program, {
      args,
      env,
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
