/**
 * A home in which a real agent works against the stand-in of its API.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { AnthropicStandIn, type ModelAnswer, type ModelRequest } from "./anthropic_stand_in.ts";
import { Home, type Ran } from "./home.ts";
import { findLeftovers } from "./leftovers.ts";
import type { InstalledAgent } from "./real_agents.ts";

/** Key that the agents send; the stand-in takes any. */
export const API_KEY = "sk-ant-stand-in-0123456789abcdefghij";

/** The home, the API and the environment that leads the agent to both. */
export class AgentHome implements AsyncDisposable {
  readonly home = new Home();
  readonly api = new AnthropicStandIn(() => ({ text: "unexpected" }));
  readonly #env: Readonly<Record<string, string>>;

  constructor({ binDir }: InstalledAgent, env: Readonly<Record<string, string>>) {
    this.#env = {
      PATH: `${binDir}:${Deno.env.get("PATH")}`,
      LANG: "C.UTF-8",
      ANTHROPIC_API_KEY: API_KEY,
      ANTHROPIC_BASE_URL: this.api.url,
      ...env,
    };
  }

  /** Runs looop; fails, with the last screen of a worker that the arguments name, unless it exits with `code`. */
  async looop(args: readonly string[], code = 0): Promise<Ran> {
    const ran = await this.home.looop(args, { env: this.#env });
    if (ran.code === code) return ran;
    const { stdout: screen } = await this.home.looop(["shot", args[1] ?? "none", "--trim"]);
    const said = `${ran.stdout}${ran.stderr}\nscreen:\n${screen}`;
    throw new Error(`looop ${args.join(" ")} exits with ${ran.code}, not ${code}: ${said}`);
  }

  /** Makes the model answer each request of a run with the next of these, then with a word. */
  answerInTurn(...answers: readonly ModelAnswer[]): void {
    const before = this.api.requests.length;
    this.api.answerWith(() =>
      answers[this.api.requests.length - before - 1] ?? { text: "That is all." }
    );
  }

  /** The costs in the ledger, in US dollars. */
  get costs(): readonly unknown[] {
    return (this.home.read("cost.jsonl") ?? "").split("\n").filter(Boolean)
      .map((line) => JSON.parse(line).cost_usd);
  }

  /** Where the runner works. */
  get tickDir(): string {
    return join(this.home.dataDir, "tick");
  }

  /** Waits for a request of the agent that has what is asked for. */
  async request(what: string, fits: (request: ModelRequest) => boolean): Promise<ModelRequest> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const found = this.api.requests.find(fits);
      if (found) return found;
      if (performance.now() > deadline) {
        const texts = this.api.requests.map(({ userTexts }) => userTexts.at(-1)?.slice(-500));
        throw new Error(`no request ${what}; the last texts were ${Deno.inspect(texts)}`);
      }
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const fleet = JSON.parse((await this.home.looop(["ls", "--json"])).stdout || "[]");
    for (const { id, alive } of fleet) if (alive) await this.home.looop(["kill", id]);
    const leftovers = await findLeftovers(this.home.dir);
    await this.api[Symbol.asyncDispose]();
    this.home[Symbol.dispose]();
    deepEqual(leftovers, [], "processes are left behind");
  }
}

/** Fails unless the model could call this tool and no other. */
export function equalTools(requests: readonly ModelRequest[], tool: string): void {
  equal(requests.length > 0, true);
  for (const { toolNames, deferredToolNames, body } of requests) {
    deepEqual(toolNames, [tool], body);
    // Both agents declare one that nobody can call, to keep the provider's cache warm.
    equal(deferredToolNames.every((name) => /placeholder/i.test(name)), true, body);
  }
}
