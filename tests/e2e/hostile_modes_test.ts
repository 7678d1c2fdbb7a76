import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Home, run } from "../helpers/home.ts";

/** What others could read or enter below a folder, and every file that is not 0600 or, a script, 0700. */
function looseBelow(dir: string): string[] {
  const loose: string[] = [];
  const look = (path: string, shown: string) => {
    const info = Deno.lstatSync(path);
    // The decision is the runner's own file; the next beat's runner starts in an empty folder.
    if (info.isSymlink || shown === "./tick/.decision.json") return;
    const mode = (info.mode ?? 0) & 0o777;
    if ((mode & 0o077) !== 0) loose.push(`${shown} ${mode.toString(8)}`);
    if (!info.isDirectory) return;
    for (const { name } of Deno.readDirSync(path)) look(`${path}/${name}`, `${shown}/${name}`);
  };
  look(dir, ".");
  return loose;
}

for (const umask of ["000", "077"]) {
  Deno.test(`every file that looop writes is its owner's alone under umask ${umask}`, async () => {
    using home = new Home();
    const through = ["sh", "-c", `umask ${umask}; exec "$@"`, "sh"];
    const looop = async (args: readonly string[], stdin?: string) => {
      const ran = await home.looop(args, { through, ...(stdin === undefined ? {} : { stdin }) });
      equal(ran.code, 0, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
      return ran;
    };
    Deno.mkdirSync(home.dataDir, { mode: 0o777 });
    Deno.chmodSync(home.dataDir, 0o777);
    home.decideAlways({ action: "run_shell", cmd: "git push origin main", reason: "publish" });
    const config = JSON.parse(Deno.readTextFileSync(home.configPath));
    config.runners.script.interactive = "cat {{prompt_file}}; read x; echo got $x; read y";
    Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
    await looop(["tick"]);
    const decide = async (decision: unknown) => {
      Deno.writeTextFileSync(`${home.dir}/next-decision`, JSON.stringify(decision));
      home.write(`goals/g${crypto.randomUUID()}.md`, "goal: x\n");
      await looop(["tick"]);
    };
    await decide({ action: "write_sensor", name: "x", script: "echo 1; echo oops >&2" });
    await decide({ action: "write_goal", id: "y", body: "goal: y" });
    await decide({ action: "archive_goal", id: "y" });
    await decide({ action: "write_playbook", body: "# P" });
    await decide({ action: "start_worker", id: "w", prompt: "hello" });
    try {
      await looop(["send", "w", "--", "hi"]);
      await looop(["flag", "w", "look"]);
      await looop(["resize", "w", "100x30"]);
      await looop(["shot", "w"]);
      const [question] = JSON.parse((await looop(["asks", "--json"])).stdout);
      await looop(["answer", question.id, "no"]);
      await looop(["tick"]);
      await looop(["_cost", "session", "w", "script", "0.5"]);
      // While it lives: locks, FIFOs, the log.
      deepEqual(looseBelow(home.dataDir), []);
    } finally {
      await looop(["kill", "w"]);
    }
    await looop(["log", "w"]);
    deepEqual(looseBelow(home.dataDir), []);
    ok(run(home.dataDir, "git", "log", "--format=%s").includes("write_goal y"));
  });
}

Deno.test("a first run under umask 000 makes a private profile and config", async () => {
  using home = new Home();
  const ran = await home.looop(["tick"], {
    through: ["sh", "-c", 'umask 000; exec "$@"', "sh"],
    env: { LOOOP_CONFIG: "", LOOOP_DATA_DIR: "", LOOOP_COLOR: "never" },
  });
  // No agent is there; the profile is.
  match(ran.stderr, /^looop tick: /);
  ok(Deno.statSync(`${home.dir}/.local/state/looop/PLAYBOOK.md`).isFile);
  deepEqual(looseBelow(`${home.dir}/.local/state/looop`), []);
  deepEqual(looseBelow(`${home.dir}/.config`), []);
});

Deno.test("an existing profile with loose modes is tightened by the next verb that writes", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  home.decideAlways({ action: "noop", reason: "calm" });
  equal((await home.looop(["tick"])).code, 0);
  run(home.dataDir, "chmod", "-R", "a+rwX", ".");
  equal((await home.looop(["tick"])).code, 0);
  // What looop itself wrote carries input; nobody but the owner passes the door in any case.
  deepEqual(looseBelow(home.dataDir).filter((entry) => /^\. |asks|claims|reports/.test(entry)), []);
  const doctor = await home.looop(["doctor"]);
  ok(!/open to others/.test(doctor.stdout), doctor.stdout);
});
