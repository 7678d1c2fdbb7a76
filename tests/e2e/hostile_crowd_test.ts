import { deepEqual, equal, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";

Deno.test("50 verbs at once on one session: each is answered, every typed line arrives whole and once", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  home.decideAlways({ action: "noop", reason: "calm" });
  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.interactive =
    `stty -echo; echo ready; while read -r line; do echo "[$line]"; done`;
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
  equal((await home.looop(["start-session", "w", "x"])).code, 0);
  try {
    equal((await home.looop(["expect", "w", "ready", "--timeout", "60s"])).code, 0);
    const verbs: (readonly string[])[] = [];
    for (let i = 0; i < 10; i++) {
      verbs.push(
        ["send", "w", `line-${i}`, "--timeout", "120s"],
        ["shot", "w"],
        ["flag", "w", `note-${i}`],
        ["log", "w"],
        i % 2 === 0 ? ["status", "--json"] : ["key", "w", "Enter", "--timeout", "120s"],
      );
    }
    equal(verbs.length, 50);
    const ran = await Promise.all(
      verbs.map((args) => home.looop(args, { timeoutMs: 240_000 })),
    );
    ran.forEach(({ code, stdout, stderr }, index) => {
      equal(code, 0, `${verbs[index]!.join(" ")}: ${stdout}${stderr}`);
      ok(!/\.ts:\d+/.test(stderr), stderr);
    });
    const log = (await home.looop(["log", "w"])).stdout;
    const typed = log.split("\n").flatMap((line) => /^\[(.+)\]$/.exec(line)?.[1] ?? []).sort();
    // A line's Enter is a write of its own, so that two senders may share a line; no text is lost.
    const all = typed.join("");
    for (let i = 0; i < 10; i++) equal(all.split(`line-${i}`).length, 2, log);
    const [session] = JSON.parse((await home.looop(["ls", "--json"])).stdout);
    deepEqual([session.alive, /^note-\d$/.test(session.note)], [true, true]);
    const left = [...Deno.readDirSync(`${home.dataDir}/sessions/w`)].map(({ name }) => name)
      .filter((name) => /^(r-|in-|\.tmp-|screen-)/.test(name));
    deepEqual(left, []);
  } finally {
    equal((await home.looop(["kill", "w"])).code, 0);
  }
});
