import { equal, match } from "node:assert/strict";
import { Home } from "../helpers/home.ts";

const STREAMS = new URL("../fixtures/agent-streams/", import.meta.url).pathname;
const NOOP = `echo '{"action":"noop","reason":"calm"}' > .decision.json; `;

function metered(home: Home, stream: string, format: string, more = {}): void {
  home.write("PLAYBOOK.md", `# ${stream}`);
  home.configure(
    `cat > /dev/null; ${NOOP} cat ${STREAMS}${stream} | "$LOOOP_BIN" _fmt ${format}`,
    more,
  );
}

Deno.test("a recorded run of each agent is metered to the cent", async () => {
  using home = new Home();
  metered(home, "claude-ok.jsonl", "claude");
  equal((await home.looop(["tick"])).code, 0);
  metered(home, "pi-ok.jsonl", "pi");
  equal((await home.looop(["tick"])).code, 0);
  const lines = home.read("cost.jsonl")!.trim().split("\n").map((line) => JSON.parse(line));
  equal(lines.length, 2);
  equal(lines[0].cost_usd, 0.0125);
  equal(lines[1].cost_usd, 0.0125);
  equal(lines[0].kind, "tick");
  const cost = await home.looop(["status", "--json"]);
  equal(JSON.parse(cost.stdout).cost_today_usd, 0.025);
});

Deno.test("an error in the stream fails the beat also when the runner exits 0, and is told to the LLM", async () => {
  using home = new Home();
  metered(home, "pi-401-exit0.jsonl", "pi");
  const failed = await home.looop(["tick"]);
  equal(failed.code, 1);
  match(failed.stdout, /401/);
  home.decideAlways({ action: "noop", reason: "calm" });
  equal((await home.looop(["tick", "--force"])).code, 0);
  match(home.prompt.split("## LAST FAILURE")[1]!, /401/);
  metered(home, "claude-401.jsonl", "claude");
  match((await home.looop(["tick"])).stdout, /Invalid API key/);
});

Deno.test("the daily cap stops the LLM, also with --force, and a run without a cost stops it too", async () => {
  using home = new Home();
  metered(home, "claude-ok.jsonl", "claude", { max_daily_usd: 0.01 });
  equal((await home.looop(["tick"])).code, 0);
  home.write("goals/a.md", "goal: a");
  const held = await home.looop(["tick", "--force"]);
  equal(held.code, 1);
  match(held.stdout, /budget: \$0\.01 of \$0\.01 spent today/);

  using other = new Home();
  other.decideAlways({ action: "noop", reason: "calm" }, { max_daily_usd: 5 });
  equal((await other.looop(["tick"])).code, 0);
  other.write("goals/a.md", "goal: a");
  match((await other.looop(["tick"])).stdout, /budget: .*named no cost/);
  equal(other.timesAsked, 1);
});

Deno.test("the calls of an hour are counted across restarts", async () => {
  using home = new Home();
  home.decideAlways({ action: "noop", reason: "calm" });
  const env = { LOOOP_MAX_DECIDES_PER_HOUR: "2" };
  for (let round = 0; round < 2; round++) {
    home.write("goals/a.md", `goal: ${round}`);
    equal((await home.looop(["tick"], { env })).code, 0);
  }
  home.write("goals/a.md", "goal: more");
  const held = await home.looop(["tick", "--force"], { env });
  match(held.stdout, /rate: 2 of 2 LLM calls in the last hour/);
  equal(home.timesAsked, 2);
});
