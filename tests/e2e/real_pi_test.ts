/**
 * The real pi, from npm, driven by the built-in runner against a stand-in of its API.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { AgentHome, equalTools } from "../helpers/agent_home.ts";
import { USAGE } from "../helpers/anthropic_stand_in.ts";
import { installAgent, withAgent } from "../helpers/real_agents.ts";

const pi = await installAgent("pi");

function homeOfPi(): AgentHome {
  // Without it pi downloads two search programs and a catalog of models.
  const agent = new AgentHome(pi, { PI_OFFLINE: "1", PI_TELEMETRY: "0" });
  const dir = join(agent.home.dir, ".pi/agent");
  Deno.mkdirSync(dir, { recursive: true });
  const providers = { anthropic: { baseUrl: agent.api.url } };
  Deno.writeTextFileSync(join(dir, "models.json"), JSON.stringify({ providers }));
  return agent;
}

function decide(decision: unknown, path = ".decision.json") {
  return { tool: "write", input: { path, content: JSON.stringify(decision) } };
}

/** Reads what an answer costs out of pi's own price table, in US dollars. */
function priceOf(model: string): number {
  const table = "../@earendil-works/pi-ai/dist/providers/data/anthropic.json";
  const find = (value: unknown): Record<string, number> | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    if (model in value) {
      const { cost } = (value as Record<string, { cost?: Record<string, number> }>)[model] ?? {};
      if (cost) return cost;
    }
    for (const part of Object.values(value)) {
      const found = find(part);
      if (found) return found;
    }
    return undefined;
  };
  const cost = find(JSON.parse(Deno.readTextFileSync(join(pi.binDir!, table))));
  ok(cost, `no price of ${model}`);
  return (USAGE.input * cost["input"]! + USAGE.output * cost["output"]!) / 1e6;
}

Deno.test({
  ...withAgent(pi, "pi decides a tick through the built-in runner, metered to the cent"),
  async fn() {
    await using agent = homeOfPi();
    const goal = { action: "write_goal", id: "tea", body: "goal: drink tea\n" };
    agent.answerInTurn(decide(goal));
    const { stdout } = await agent.looop(["tick"]);
    match(stdout, /asking pi/);
    equal(agent.home.read("goals/tea.md"), "goal: drink tea\n");
    const [first, second] = agent.api.requests;
    ok(first && second);
    equal(agent.api.requests.length, 2);
    match(first.userTexts.join("\n"), /^# You decide one move[^]*## PLAYBOOK/);
    match(second.toolResults.join(), /Successfully wrote to \.decision\.json/);
    equalTools(agent.api.requests, "write");
    const [cost, ...more] = agent.costs;
    deepEqual(more, []);
    ok(Math.abs(Number(cost) - 2 * priceOf(first.model)) < 1e-9, `metered ${cost}`);
    match((await agent.looop(["cost"])).stdout, /1 run/);
  },
});

Deno.test({
  ...withAgent(pi, "a 401 fails the beat although pi exits 0, and the next prompt says why"),
  async fn() {
    await using agent = homeOfPi();
    agent.api.answerWith(() => ({ status: 401, error: "invalid x-api-key" }));
    const { stdout } = await agent.looop(["tick"], 1);
    match(stdout, /the runner exited with 1: looop _fmt: pi: 401 .*invalid x-api-key/);
    deepEqual(agent.costs, [0]);
    agent.answerInTurn(decide({ action: "noop", reason: "calm" }));
    await agent.looop(["tick", "--force"]);
    const prompt = agent.api.requests.at(-1)?.userTexts[0] ?? "";
    match(prompt.split("## LAST FAILURE")[1] ?? "", /401 .*invalid x-api-key/);
  },
});

Deno.test({
  ...withAgent(pi, "a decider that tries to act through pi leaves no trace"),
  async fn() {
    await using agent = homeOfPi();
    const { dir, dataDir } = agent.home;
    agent.answerInTurn(decide({ action: "noop", reason: "calm" }));
    await agent.looop(["tick"]);
    const before = agent.home.tree();
    const paths = [
      join(dir, "outside"),
      join(dataDir, "sensors/sly.sh"),
      "../PLAYBOOK.md",
      "~/.profile",
      "only_decision.mjs",
      "~/../.decision.json",
    ];
    agent.answerInTurn(
      { tool: "bash", input: { command: `touch ${dir}/acted` } },
      { tool: "edit", input: { path: join(dataDir, "PLAYBOOK.md"), edits: [] } },
      ...paths.map((path) => decide("sly", path)),
      decide({ action: "noop", reason: "gave up" }, join(agent.tickDir, ".decision.json")),
    );
    await agent.looop(["tick", "--force"]);
    const results = agent.api.requests.at(-1)?.toolResults ?? [];
    equal(results.length, 9);
    for (const refused of results.slice(0, 2)) match(refused, /not found","is_error":true/);
    for (const refused of results.slice(2, 8)) match(refused, /and nothing else","is_error":true/);
    match(results[8]!, /Successfully wrote/);
    match(agent.home.journal.at(-1)!, /gave up/);
    deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
      ".pi",
      "data",
      "looop.json",
    ]);
    for (const [path, text] of Object.entries(agent.home.tree())) {
      if (/^(PLAYBOOK|goals|sensors)/.test(path)) equal(text, before[path], path);
    }
  },
});

Deno.test({
  ...withAgent(pi, "a pi worker is started by a move, seen, answered, restarted and killed"),
  async fn() {
    await using agent = homeOfPi();
    agent.answerInTurn(decide({
      action: "start_worker",
      id: "fix-12",
      prompt: "Mend issue 12; say 'done' -- in \"quotes\".",
    }));
    await agent.looop(["tick"]);
    agent.api.answerWith(({ userTexts }) => ({ text: `This is answer ${userTexts.length}.` }));
    const first = await agent.request("of the worker", (each) => each.toolNames.includes("bash"));
    equal(first.userTexts.length, 1);
    match(first.userTexts[0]!, /^# Your contract[^]*Mend issue 12; say 'done' -- in "quotes"\.$/);
    await agent.looop(["expect", "fix-12", "This is answer 1\\.", "--screen"]);

    const text = "Yes, go on; keep it small.\nAnd run the tests, please: #1 @home $HOME `x`";
    const sent = JSON.parse((await agent.looop(["send", "fix-12", text, "--json"])).stdout);
    equal(sent.seen, true);
    await agent.looop(["expect", "fix-12", "This is answer 2\\.", "--screen"]);
    const second = await agent.request("with what was sent", (each) => each.userTexts.length === 2);
    equal(second.userTexts[1], text);
    match((await agent.looop(["shot", "fix-12"])).stdout, /keep it small[^]*This is answer 2\./);

    // `resume` goes on with the same conversation.
    await agent.looop(["restart", "fix-12"]);
    await agent.looop(["expect", "fix-12", "This is answer 2\\.", "--screen"]);
    await agent.looop(["send", "fix-12", "Still there?"]);
    const third = await agent.request("after the restart", (each) => each.userTexts.length === 3);
    deepEqual(third.userTexts.slice(1), [text, "Still there?"]);
    await agent.looop(["expect", "fix-12", "This is answer 3\\.", "--screen"]);

    await agent.looop(["kill", "fix-12"]);
    const [worker] = JSON.parse((await agent.looop(["ls", "--json"])).stdout);
    equal(worker.state, "killed");
  },
});
