/**
 * The real Claude Code, from npm, driven by the built-in runner against a stand-in of its API.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { AgentHome, API_KEY, equalTools } from "../helpers/agent_home.ts";
import { installAgent, withAgent } from "../helpers/real_agents.ts";

const claude = await installAgent("claude");

function homeOfClaude(): AgentHome {
  const agent = new AgentHome(claude, {
    // Only loopback is there, and a refusal of the API is to be heard at once, not after ten tries.
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_MAX_RETRIES: "0",
    DISABLE_AUTOUPDATER: "1",
    IS_SANDBOX: "1",
  });
  Deno.writeTextFileSync(agent.home.configPath, '{ "default": "claude" }');
  return agent;
}

/** Answers the questions of a first start, as a person who has used it before has done. */
function answerFirstStart({ home }: AgentHome): void {
  const settings = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
    projects: { [home.dataDir]: { hasTrustDialogAccepted: true } },
  };
  Deno.writeTextFileSync(join(home.dir, ".claude.json"), JSON.stringify(settings));
}

function write(path: string, content: unknown) {
  return { tool: "Write", input: { file_path: path, content: JSON.stringify(content) } };
}

Deno.test({
  ...withAgent(claude, "Claude Code decides a tick through the built-in runner, metered"),
  async fn() {
    await using agent = homeOfClaude();
    const goal = { action: "write_goal", id: "tea", body: "goal: drink tea\n" };
    agent.answerInTurn(write(join(agent.tickDir, ".decision.json"), goal));
    match((await agent.looop(["tick"])).stdout, /asking claude/);
    equal(agent.home.read("goals/tea.md"), "goal: drink tea\n");
    equal(agent.api.requests.length, 2);
    match(agent.api.requests[0]!.userTexts.join("\n"), /# You decide one move[^]*## PLAYBOOK/);
    equalTools(agent.api.requests, "Write");
    // The journal's lines are in the prompt, quoted; as commits they would come unquoted.
    equal(agent.api.requests[0]!.body.includes("gitStatus"), false);
    const [cost, ...more] = agent.costs;
    deepEqual(more, []);
    const said = agent.home.read(`runs/${lastRun(agent)}/output.log`) ?? "";
    ok(Number(cost) > 0 && said.includes(`$${cost}`), `metered ${cost}, but it said ${said}`);
  },
});

function lastRun({ home }: AgentHome): string {
  return [...Deno.readDirSync(join(home.dataDir, "runs"))].map(({ name }) => name).sort().at(-1)!;
}

Deno.test({
  ...withAgent(claude, "a 401 fails Claude Code's beat, and the next prompt says why"),
  async fn() {
    await using agent = homeOfClaude();
    agent.api.answerWith(() => ({ status: 401, error: "invalid x-api-key" }));
    match((await agent.looop(["tick"], 1)).stdout, /_fmt: claude: .*API key/);
    agent.answerInTurn(
      write(join(agent.tickDir, ".decision.json"), { action: "noop", reason: "-" }),
    );
    await agent.looop(["tick", "--force"]);
    const prompt = agent.api.requests.at(-1)?.userTexts.join("\n") ?? "";
    match(prompt.split("## LAST FAILURE")[1] ?? "", /_fmt: claude: .*API key/);
  },
});

Deno.test({
  ...withAgent(claude, "a decider that tries to act through Claude Code leaves no trace"),
  async fn() {
    await using agent = homeOfClaude();
    const { dir, dataDir } = agent.home;
    const decision = join(agent.tickDir, ".decision.json");
    agent.answerInTurn(write(decision, { action: "noop", reason: "calm" }));
    await agent.looop(["tick"]);
    const before = agent.home.tree();
    const paths = ["outside", ".profile", ".claude/settings.json"].map((path) => join(dir, path))
      .concat(
        ["sensors/sly.sh", "tick/../PLAYBOOK.md", "tick/.claude/settings.json"].map((path) =>
          join(dataDir, path)
        ),
      );
    agent.answerInTurn(
      { tool: "Bash", input: { command: `touch ${dir}/acted` } },
      ...paths.map((path) => write(path, "sly")),
      write(decision, { action: "noop", reason: "gave up" }),
    );
    await agent.looop(["tick", "--force"]);
    const results = agent.api.requests.at(-1)?.toolResults ?? [];
    equal(results.length, 8);
    for (const refused of results.slice(0, 7)) match(refused, /"is_error":true/);
    match(agent.home.journal.at(-1)!, /gave up/);
    for (const name of ["outside", ".profile", "acted", ".claude/settings.json"]) {
      equal(agent.home.read(`../${name}`), undefined, name);
    }
    for (const [path, text] of Object.entries(agent.home.tree())) {
      if (/^(PLAYBOOK|goals|sensors)/.test(path)) equal(text, before[path], path);
    }
  },
});

Deno.test({
  ...withAgent(claude, "a Claude Code worker is started, seen, answered, restarted and killed"),
  async fn() {
    await using agent = homeOfClaude();
    answerFirstStart(agent);
    agent.api.answerWith(({ userTexts }) => ({
      text: `This is answer ${userTexts.filter((text) => /Mend|go on|still/i.test(text)).length}.`,
    }));
    await agent.looop(["start-session", "fix-12", "Mend issue 12; say 'done'."]);
    await agent.looop(["expect", "fix-12", "This is answer \\d+\\.", "--screen"]);
    const task = await agent.request("of the worker", (each) => each.toolNames.includes("Bash"));
    match(task.userTexts.join("\n"), /# Your contract[^]*Mend issue 12; say 'done'\./);

    const text = "Yes, go on; keep it small.\nAnd run the tests, please: #1 @home $HOME `x`";
    const sent = JSON.parse((await agent.looop(["send", "fix-12", text, "--json"])).stdout);
    equal(sent.seen, true);
    const isSent = (sentText: string) => sentText.includes(text);
    await agent.request("with what was sent", ({ userTexts }) => userTexts.some(isSent));

    await agent.looop(["restart", "fix-12"]);
    await agent.looop(["expect", "fix-12", "This is answer \\d+\\.", "--screen"]);
    await agent.looop(["send", "fix-12", "Still there?"]);
    const last = await agent.request(
      "after the restart",
      ({ userTexts }) => userTexts.some((each) => each.includes("Still there?")),
    );
    ok(last.userTexts.some(isSent), "the conversation was not taken up again");
    await agent.looop(["kill", "fix-12"]);
  },
});
