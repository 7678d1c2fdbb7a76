import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Home } from "../helpers/home.ts";

Deno.test("the first run seeds a private profile with a history, and never writes over anything", async () => {
  using home = new Home("state dir/looop");
  const env = { PATH: "/usr/bin:/bin" };
  const first = await home.looop(["tick"], { env });
  equal(first.code, 1, first.stdout);
  match(first.stderr, /"pi" of runner "pi" is not installed; install it \(npm .*looop demo/);
  for (const path of ["PLAYBOOK.md", "goals/setup.md", "goals/playbook-daily.md", ".gitignore"]) {
    ok((home.read(path) ?? "").length > 50, path);
  }
  match(Deno.readTextFileSync(home.configPath), /"default": "pi"/);
  equal((Deno.statSync(home.dataDir).mode ?? 0) & 0o777, 0o700);
  for (const path of ["PLAYBOOK.md", "goals/setup.md"]) {
    equal((Deno.statSync(`${home.dataDir}/${path}`).mode ?? 0) & 0o077, 0, path);
  }
  home.write("PLAYBOOK.md", "my own");
  Deno.removeSync(`${home.dataDir}/goals/setup.md`);
  await home.looop(["tick"], { env });
  equal(home.read("PLAYBOOK.md"), "my own");
  equal(home.read("goals/setup.md"), undefined);
});

Deno.test("a folder that holds something else is not taken over: it keeps its mode and its files", async () => {
  using home = new Home();
  home.decideAlways({ action: "noop", reason: "x" });
  home.write("mine.txt", "keep");
  home.write("goals/prepared.md", "goal: prepared\n");
  Deno.chmodSync(home.dataDir, 0o755);
  for (const args of [["tick"], ["tick", "--dry-run"], ["start-session", "w", "p"]]) {
    const ran = await home.looop(args);
    equal(ran.code, 1, args.join(" "));
    match(ran.stderr, /is no profile: it holds mine\.txt; set LOOOP_DATA_DIR to a folder/);
  }
  equal((Deno.statSync(home.dataDir).mode ?? 0) & 0o777, 0o755);
  deepEqual([...Deno.readDirSync(home.dataDir)].map(({ name }) => name).sort(), [
    "goals",
    "mine.txt",
  ]);
  // What a person prepares is no reason to refuse.
  Deno.removeSync(`${home.dataDir}/mine.txt`);
  equal((await home.looop(["tick"])).code, 0);
  ok(home.read("PLAYBOOK.md"));
});

Deno.test("the only installed agent becomes the default", async () => {
  using home = new Home();
  Deno.mkdirSync(`${home.dir}/bin`);
  Deno.writeTextFileSync(`${home.dir}/bin/claude`, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  await home.looop(["tick"], { env: { PATH: `${home.dir}/bin:/usr/bin:/bin` } });
  match(Deno.readTextFileSync(home.configPath), /"default": "claude"/);
});

Deno.test("a reading verb on a missing profile says so and creates nothing", async () => {
  using home = new Home();
  for (const args of [["status"], ["journal"], ["cost"]]) {
    const ran = await home.looop(args);
    equal(ran.code, 1, args[0]);
    match(ran.stderr, /no profile at .*; run `looop`/);
  }
  deepEqual([...Deno.readDirSync(home.dir)].map(({ name }) => name), []);
});

Deno.test("the seeded sensor prints one JSON value whose signal is today's date", async () => {
  using home = new Home();
  home.decideAlways({ action: "noop", reason: "x" });
  equal((await home.looop(["tick"])).code, 0);
  const reading = JSON.parse(home.read("snapshots/sensor-today.json")!);
  match(reading.signal.date, /^\d{4}-\d\d-\d\d$/);
});
