import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";
import { waitUntil } from "../helpers/wait_until.ts";

/** A home whose LLM wants to publish; `publish` is a harmless stand-in that leaves a mark. */
function publishing(cmd = "npm publish --tag next"): Home {
  const home = new Home();
  Deno.mkdirSync(`${home.dir}/bin`);
  Deno.writeTextFileSync(`${home.dir}/bin/npm`, `#!/bin/sh\necho "$@" >> ${home.dir}/published\n`, {
    mode: 0o755,
  });
  home.write("PLAYBOOK.md", "# Ship\n");
  home.decideAlways({ action: "run_shell", cmd, reason: "time to ship" });
  return home;
}

function envOf(home: Home): Record<string, string> {
  return { PATH: `${home.dir}/bin:${Deno.env.get("PATH")}` };
}

async function openQuestion(home: Home): Promise<string> {
  const asks = JSON.parse((await home.looop(["asks", "--json"])).stdout);
  equal(asks.length, 1, JSON.stringify(asks));
  equal(asks[0].kind, "gate");
  match(asks[0].prompt, /npm publish --tag next/);
  return asks[0].id;
}

Deno.test("an irreversible command waits for the human's yes and then runs exactly once, without the LLM", async () => {
  using home = publishing();
  const env = envOf(home);
  const asked = await home.looop(["tick"], { env });
  equal(asked.code, 0, asked.stdout + asked.stderr);
  equal(home.read("../published"), undefined);
  match(home.journal[0]!, /^asked: npm publish --tag next needs your yes, question \w+$/);
  const id = await openQuestion(home);

  // The beat counted as decided: nothing is asked twice, and a new world joins the open question.
  equal((await home.looop(["tick"], { env })).code, 0);
  equal(home.timesAsked, 1);
  home.write("goals/a.md", "goal: a");
  equal((await home.looop(["tick"], { env })).code, 0);
  equal(await openQuestion(home), id);
  match(home.journal[1]!, /already open/);

  equal((await home.looop(["answer", id, "yes", "go ahead"])).code, 0);
  const asks = home.timesAsked;
  const made = await home.looop(["tick"], { env });
  equal(made.code, 0, made.stdout + made.stderr);
  equal(home.read("../published"), "publish --tag next\n");
  match(home.journal[2]!, /^run_shell npm publish --tag next \(exit 0\): with your yes to/);
  await home.looop(["tick"], { env });
  await home.looop(["tick"], { env });
  equal(home.read("../published"), "publish --tag next\n");
  equal(home.timesAsked, asks);
  equal((await home.looop(["answer", id, "yes"])).code, 1);
});

Deno.test("an approved move that fails is told to the LLM after the backoff, in a world that is as it was", async () => {
  using home = publishing();
  const env = envOf(home);
  Deno.writeTextFileSync(`${home.dir}/bin/npm`, "#!/bin/sh\necho no such registry; exit 7\n");
  equal((await home.looop(["tick"], { env })).code, 0);
  equal((await home.looop(["answer", await openQuestion(home), "yes"])).code, 0);
  const failed = await home.looop(["tick"], { env });
  equal(failed.code, 1);
  match(failed.stdout + failed.stderr, /exit/);
  const held = await home.looop(["tick"], { env });
  equal(held.code, 1);
  match(held.stdout + held.stderr, /backoff/);
  equal(home.timesAsked, 1);
  const backoff = JSON.parse(home.read(".tick-backoff")!);
  home.write(".tick-backoff", JSON.stringify({ ...backoff, lastFailedAtMs: Date.now() - 61_000 }));
  home.decideAlways({ action: "noop", reason: "calm" });
  equal((await home.looop(["tick"], { env })).code, 0);
  equal(home.timesAsked, 2);
  match(home.prompt, /no such registry/);
  equal((await home.looop(["tick"], { env })).code, 0);
  equal(home.timesAsked, 2);
});

Deno.test("a no is one journal line with its reason and no move", async () => {
  using home = publishing();
  const env = envOf(home);
  await home.looop(["tick"], { env });
  const id = await openQuestion(home);
  equal((await home.looop(["answer", id, "no", "not before the review"])).code, 0);
  equal((await home.looop(["tick"], { env })).code, 0);
  equal(home.journal.at(-1), "no: npm publish --tag next (not before the review)");
  equal(home.read("../published"), undefined);
  equal(home.journal.length, 2);
  // The LLM hears the reason, in a world that is as it was, and once.
  match((await home.looop(["why"])).stdout, new RegExp(`your no to ${id} has a reason`));
  home.decideAlways({ action: "noop", reason: "calm" });
  equal((await home.looop(["tick"], { env })).code, 0);
  match(home.prompt.split("## ANSWERS")[1]!, /no not before the review/);
  equal(home.timesAsked, 2);
  equal((await home.looop(["tick"], { env })).code, 0);
  equal(home.timesAsked, 2);
});

Deno.test("a bare no leads to no new decision, and an answer that comes while the LLM thinks is in the next prompt", async () => {
  using home = publishing();
  const env = envOf(home);
  await home.looop(["tick"], { env });
  const id = await openQuestion(home);
  equal((await home.looop(["answer", id, "no"])).code, 0);
  for (let beat = 0; beat < 2; beat++) equal((await home.looop(["tick"], { env })).code, 0);
  equal(home.journal.at(-1), "no: npm publish --tag next");
  equal(home.timesAsked, 1);

  home.write("goals/a.md", "goal: a");
  equal((await home.looop(["tick"], { env })).code, 0);
  const second = await openQuestion(home);
  home.decideAlways({ action: "noop", reason: "calm" });
  const noop = JSON.parse(Deno.readTextFileSync(home.configPath)).runners.script.tick;
  home.configure(`for i in {1..200}; do [ -e ${home.dir}/go ] && break; sleep 0.05; done; ${noop}`);
  home.write("goals/a.md", "goal: b");
  const thinking = home.looop(["tick"], { env });
  await waitUntil("the runner thinks", async () => {
    const begun: readonly number[] = JSON.parse(home.read(".decides") ?? "[]");
    return [begun.length === 3, begun];
  });
  equal((await home.looop(["answer", second, "no", "never on a Friday"])).code, 0);
  home.write("../go", "");
  equal((await thinking).code, 0);
  equal((await home.looop(["tick"], { env })).code, 0);
  match(home.journal.at(-1)!, /^no: npm publish .*never on a Friday/);
  equal((await home.looop(["tick"], { env })).code, 0);
  match(home.prompt.split("## ANSWERS")[1]!, /no never on a Friday/);
});

Deno.test("answer refuses a gate question under everything that looop itself started", async () => {
  using home = publishing();
  await home.looop(["tick"], { env: envOf(home) });
  const id = await openQuestion(home);
  const inside = [
    { LOOOP_INSIDE: "sensor" },
    { LOOOP_INSIDE: "runner" },
    { LOOOP_INSIDE: "run_shell" },
    { LOOOP_SESSION_ID: "w" },
  ];
  for (const env of inside) {
    const ran = await home.looop(["answer", id, "yes"], { env });
    equal(ran.code, 1);
    match(ran.stderr, /looop itself started/);
  }
  // For real: a sensor, a runner and a run_shell that try.
  const attempt = `"$LOOOP_BIN" answer ${id} yes 2>> ${home.dir}/attempts`;
  home.write("sensors/sly.sh", `${attempt}; echo 1`);
  home.configure(
    `cat > /dev/null; ${attempt}; echo '{"action":"run_shell","cmd":"./try","reason":"x"}' > .decision.json`,
  );
  home.write("try", `#!/bin/sh\n${attempt}\n`, 0o755);
  const env = { ...envOf(home), LOOOP_MAX_DECIDES_PER_HOUR: "10" };
  const ran = await home.looop(["tick"], { env });
  const attempts = home.read("../attempts") ?? "";
  match(attempts, /inside a sensor/);
  match(attempts, /inside a tick runner/);
  if (ran.stdout.includes("run_shell ./try")) match(attempts, /inside a run_shell/);
  equal(await openQuestion(home), id);
});

Deno.test("what no yes should allow is refused, and the LLM hears why", async () => {
  using home = publishing("rm -rf ~/");
  const ran = await home.looop(["tick"]);
  equal(ran.code, 1);
  match(home.journal[0]!, /^refused: the gate denies rm -rf ~\/ /);
  deepEqual(JSON.parse((await home.looop(["asks", "--json"])).stdout), []);
  home.decideAlways({ action: "noop", reason: "calm" });
  await home.looop(["tick", "--force"]);
  match(home.prompt.split("## LAST FAILURE")[1]!, /the gate denies/);
});

Deno.test("a sensor's script passes the same gate, and the config adds rules of its own", async () => {
  using home = publishing();
  home.decideAlways({ action: "write_sensor", name: "s", script: "git push origin main; echo 1" });
  await home.looop(["tick"]);
  match(home.journal[0]!, /^asked: sensors\/s\.sh/);
  equal(home.read("sensors/s.sh"), undefined);
  home.decideAlways({ action: "run_shell", cmd: "make dinner", reason: "hungry" }, {
    gate: { deny: ["\\bmake\\b"] },
  });
  home.write("goals/a.md", "goal: a");
  await home.looop(["tick"]);
  match(home.journal[1]!, /^refused: the gate denies make \(rule gate\.deny/);
  ok(home.read("goals/a.md"));
});
