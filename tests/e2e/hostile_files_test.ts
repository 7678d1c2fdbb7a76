import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Home, type Ran, run } from "../helpers/home.ts";

/** What stands in a file's place. */
const KINDS = ["folder", "fifo", "link"] as const;
type Kind = typeof KINDS[number];

function replace(home: Home, path: string, kind: Kind): void {
  const at = `${home.dataDir}/${path}`;
  run(home.dir, "rm", "-rf", at);
  run(home.dir, "mkdir", "-p", at.slice(0, at.lastIndexOf("/")));
  if (kind === "folder") run(home.dir, "mkdir", at);
  if (kind === "fifo") run(home.dir, "mkfifo", at);
  if (kind === "link") {
    Deno.writeTextFileSync(`${home.dir}/outside`, "not looop's\n");
    Deno.symlinkSync(`${home.dir}/outside`, at);
  }
}

/** A verb may refuse, in one line, but never wait, crash, or write outside of the data dir. */
async function isCivil(home: Home, args: readonly string[], about: string): Promise<Ran> {
  const ran = await home.looop(args, { timeoutMs: 30_000 });
  const said = `${about}: looop ${args.join(" ")}: ${ran.code} ${ran.stdout}${ran.stderr}`;
  ok([0, 1, 2].includes(ran.code), said);
  ok(!/at .*\.ts:\d+|this may be a bug/.test(ran.stderr), said);
  if (ran.code !== 0 && args[0] !== "tick") equal(ran.stderr.split("\n").length, 2, said);
  return ran;
}

function outsideIsWhole(home: Home): void {
  if (home.read("../outside") !== undefined) equal(home.read("../outside"), "not looop's\n");
}

function decidingHome(): Home {
  const home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  home.write("goals/a.md", "goal: a\n");
  home.decideAlways({ action: "noop", reason: "calm" });
  return home;
}

const SCRATCH = [
  ".last-tick-hash",
  ".last-world.json",
  ".tick-backoff",
  ".decides",
  ".next-interval",
  ".next-beat",
  "events.jsonl",
  "tick.log",
  "tick",
  "snapshots/sensor-x.json",
  "snapshots/x.err",
];

for (const kind of KINDS) {
  Deno.test(`a ${kind} in the place of scratch costs no move and no second LLM call`, async () => {
    using home = decidingHome();
    home.write("sensors/x.sh", "# looop:interval=600\necho 1; echo oops >&2");
    for (const path of SCRATCH) replace(home, path, kind);
    for (const verb of ["status", "why", "ls", "asks", "journal", "cost"]) {
      equal((await isCivil(home, [verb], kind)).code, 0, verb);
    }
    const ran = await isCivil(home, ["tick"], kind);
    equal(ran.code, 0, ran.stdout + ran.stderr);
    deepEqual(home.journal, ["noop: calm"]);
    equal((await isCivil(home, ["tick"], kind)).code, 0);
    equal(home.timesAsked, 1);
    outsideIsWhole(home);
  });

  Deno.test(`a ${kind} in the place of memory is refused before an LLM is paid`, async () => {
    using home = decidingHome();
    for (
      const path of ["journal.md", "cost.jsonl", ".intent", ".lock", "PLAYBOOK.md", ".gitignore"]
    ) {
      const mayBeLink = path === "PLAYBOOK.md" || path === ".gitignore";
      if (mayBeLink && kind === "link") continue; // A person may keep it elsewhere.
      const before = home.read(path);
      replace(home, path, kind);
      const ran = await isCivil(home, ["tick"], `${path} ${kind}`);
      equal(ran.code, 1, path);
      match(ran.stderr, new RegExp(`${path} is a.*; move it away`), path);
      for (const verb of ["status", "why", "journal", "cost"]) {
        await isCivil(home, [verb], `${path} ${kind}`);
      }
      run(home.dir, "rm", "-rf", `${home.dataDir}/${path}`);
      if (before !== undefined) home.write(path, before);
      outsideIsWhole(home);
    }
    equal(home.timesAsked, 0);
    equal((await isCivil(home, ["tick"], "mended")).code, 0);
    equal(home.timesAsked, 1);
  });

  Deno.test(`a ${kind} among goals, sensors, claims, asks and sessions is passed over`, async () => {
    using home = decidingHome();
    const links = kind === "link";
    const paths = [
      "goals/x.md",
      "sensors/y.sh",
      "asks/k3m9xw2p.json",
      "claims/c.json",
      "sessions/s/session.json",
      "sessions/s/flag.json",
      "sessions/s/output.log",
      "sessions/s/control",
      "sessions/s/supervisor.lock",
      "sessions/t",
    ];
    for (const path of paths) replace(home, path, kind);
    for (
      const args of [
        ["ls"],
        ["status"],
        ["why"],
        ["asks", "--all"],
        ["log", "s"],
        ["shot", "s"],
        ["send", "s", "x"],
        ["flag", "s", "x"],
        ["wait", "s", "--timeout", "1s"],
        ["kill", "t"],
        ["answer", "k3m9xw2p", "yes"],
        ["prune"],
      ]
    ) await isCivil(home, args, kind);
    const ran = await isCivil(home, ["tick"], kind);
    equal(ran.code, 0, ran.stdout + ran.stderr);
    if (!links) equal(home.timesAsked, 1);
    outsideIsWhole(home);
  });

  Deno.test(`a ${kind} in the place of a folder or the config is named, nothing is lost`, async () => {
    using home = decidingHome();
    const folders = [
      "snapshots",
      "runs",
      "sessions",
      "asks",
      "goals",
      "sensors",
      "claims",
      "journal",
    ];
    for (const path of kind === "folder" ? [] : folders) {
      run(home.dir, "cp", "-a", home.dataDir, `${home.dir}/kept`);
      replace(home, path, kind);
      for (const verb of ["status", "ls", "asks", "journal"]) {
        await isCivil(home, [verb], `${path} ${kind}`);
      }
      const { code, stderr } = await isCivil(home, ["tick"], `${path} ${kind}`);
      equal(code, 1, path);
      match(stderr, new RegExp(`/${path}\\b.* is a.*, not a folder; move it away`), path);
      outsideIsWhole(home);
      run(home.dir, "rm", "-rf", home.dataDir);
      run(home.dir, "mv", `${home.dir}/kept`, home.dataDir);
    }
    const config = Deno.readTextFileSync(home.configPath);
    replace(home, "../looop.json", kind);
    const ran = await isCivil(home, ["tick"], "config");
    equal(ran.code, 1);
    match(ran.stderr, /looop\.json/);
    await isCivil(home, ["status"], "config");
    run(home.dir, "rm", "-rf", home.configPath);
    Deno.writeTextFileSync(home.configPath, config);
    equal((await isCivil(home, ["tick"], "mended")).code, 0);
  });
}

Deno.test("no verb takes an id that leads out of the data dir, as text or through a link", async () => {
  using home = decidingHome();
  run(home.dir, "mkdir", "-p", `${home.dir}/elsewhere`, `${home.dataDir}/sessions`);
  Deno.writeTextFileSync(`${home.dir}/elsewhere/session.json`, "{}");
  Deno.symlinkSync(`${home.dir}/elsewhere`, `${home.dataDir}/sessions/linked`);
  const verbs = [
    "start-session",
    "watch",
    "attach",
    "detach",
    "shot",
    "log",
    "send",
    "key",
    "expect",
    "wait",
    "wait-idle",
    "resize",
    "restart",
    "kill",
    "flag",
    "unflag",
    "ask",
  ];
  const second: Readonly<Record<string, string[]>> = {
    "start-session": ["prompt"],
    send: ["x"],
    key: ["Enter"],
    expect: ["x"],
    resize: ["80x24"],
    flag: ["note"],
    ask: ["--prompt", "?"],
  };
  const before = home.tree();
  for (const verb of verbs) {
    for (const id of ["../elsewhere", "linked"]) {
      const ran = await isCivil(home, [verb, id, ...second[verb] ?? []], id);
      ok(ran.code === 1 || ran.code === 2, `${verb} ${id}`);
    }
  }
  await isCivil(home, ["answer", "../../outside", "yes"], "answer");
  deepEqual([...Deno.readDirSync(`${home.dir}/elsewhere`)].map(({ name }) => name), [
    "session.json",
  ]);
  for (const [path, text] of Object.entries(before)) equal(home.tree()[path], text, path);
  for (const id of ["../x", "a/b", ".", "..", "x\0y", "-x", ""]) {
    for (const action of ["write_goal", "archive_goal", "start_worker", "restart_session"]) {
      home.decideAlways({ action, id, body: "b", prompt: "p" });
    }
    const ran = await isCivil(home, ["tick", "--force"], JSON.stringify(id));
    equal(ran.code, 1);
    match(home.journal.at(-1)!, /^refused: .*id/);
  }
  // A goal that is a link is replaced, never written through.
  replace(home, "goals/l.md", "link");
  home.decideAlways({ action: "write_goal", id: "l", body: "goal: l\n" });
  equal((await isCivil(home, ["tick", "--force"], "link")).code, 0);
  outsideIsWhole(home);
  equal(home.read("goals/l.md"), "goal: l\n");
});

for (const kind of [...KINDS, "file"] as const) {
  Deno.test(`a ${kind} in the place of the wake FIFO gives way when a pulse starts, and it rests between beats`, async () => {
    using home = decidingHome();
    if (kind === "file") home.write(".wake", "x");
    else replace(home, ".wake", kind);
    await isCivil(home, ["flag", "nobody", "x"], kind);
    const ran = await home.looop(["_pulse"], {
      through: ["timeout", "-s", "INT", "--foreground", "5"],
      timeoutMs: 60_000,
    });
    ok([0, 124, 130].includes(ran.code), `${ran.code} ${ran.stdout}${ran.stderr}`);
    equal(home.timesAsked, 1, ran.stdout);
    ok(Deno.lstatSync(`${home.dataDir}/.wake`).isFifo);
    ok(ran.stdout.split("\n").length < 12, ran.stdout);
    outsideIsWhole(home);
  });
}
