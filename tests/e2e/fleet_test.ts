import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";
import { needing, SessionHome } from "../helpers/test_session.ts";
import { BASH, Tmux } from "../helpers/tmux.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const NOTE = "which of the two branches is it? ".repeat(8).trim();

Deno.test(
  needing("tmux", "ls and status cut a long note on a terminal, and nowhere else"),
  async () => {
    await using home = new SessionHome();
    await home.start("sh", BASH);
    await home.looop(["flag", "sh", NOTE]);
    for (const verb of ["ls", "status"]) {
      ok((await home.looop([verb])).includes(NOTE));
      using tmux = new Tmux(home);
      tmux.looop(verb);
      await tmux.shows(/⚑ .*which of the two branches.*…$/m);
    }
  },
);

Deno.test("ls --watch in a pipe prints when something changes, and not because time passes", async () => {
  await using home = new SessionHome();
  await home.start("calm", ["cat"]);
  for (const args of [[], ["--json"]]) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "-q", MAIN, "ls", "--watch", "--interval", "1ms", ...args],
      env: home.home.env(),
      clearEnv: true,
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let printed = "";
    const until = async (seen: RegExp) => {
      while (!seen.test(printed)) {
        const { value, done } = await reader.read();
        ok(!done, `ended without ${seen}: ${printed}`);
        printed += value;
      }
    };
    await until(/calm/);
    // A program started takes about as long as one look.
    for (let looks = 0; looks < 5; looks++) await home.looop(["version"]);
    await home.looop(["flag", "calm", "first"]);
    await until(/first/);
    await home.looop(["flag", "calm", "second"]);
    await until(/second/);
    child.kill("SIGTERM");
    await child.status;
    await reader.cancel();
    equal(printed.match(/calm/g)!.length, 3, printed);
    await home.looop(["unflag", "calm"]);
  }
});

Deno.test("prune names the workers that it removed, and the pulse apart from them", async () => {
  await using home = new SessionHome();
  for (const id of ["pulse", "done"]) {
    await home.start(id, ["true"]);
    await home.looop(["wait", id, "--timeout", "20s"]);
  }
  const { stdout, stderr } = await home.home.looop(["prune"]);
  equal(stdout, "done\n");
  match(stderr, /pulse/);
  deepEqual([...Deno.readDirSync(home.sessionsDir)], []);
  const again = await home.home.looop(["prune"]);
  deepEqual([again.code, again.stdout, again.stderr], [0, "", "no session is over\n"]);
});

Deno.test("ls --watch ends when nobody reads it any more, also where there is no news", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  const watched = new Deno.Command("bash", {
    args: [
      "-c",
      `timeout 20 ${Deno.execPath()} run -A --no-check -q ${MAIN} ls --watch --json | head -1
      echo "\${PIPESTATUS[0]}"`,
    ],
    env: home.env(),
    clearEnv: true,
    stderr: "null",
  });
  const { stdout } = await watched.output();
  equal(new TextDecoder().decode(stdout), "[]\n0\n");
});
