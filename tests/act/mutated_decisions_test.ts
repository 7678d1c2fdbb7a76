import { deepEqual, equal, ok } from "node:assert/strict";
import { act, type ActContext, checkMove } from "../../src/act/act.ts";
import { RefusedMove } from "../../src/act/refused_move.ts";
import { parseDecision, RefusedDecision } from "../../src/decide/decision.ts";
import { Home, seededRandom } from "../helpers/home.ts";

const BASES = [
  { action: "noop", reason: "calm", journal: "x" },
  { action: "write_goal", id: "a", body: "goal: a" },
  { action: "archive_goal", id: "old" },
  { action: "write_sensor", name: "s", script: "echo 1" },
  { action: "write_playbook", body: "mine" },
  { action: "run_shell", cmd: "echo x > one-effect", reason: "r" },
  { action: "send_notification", message: "hi", next_interval_s: 5 },
  { action: "start_worker", id: "w", prompt: "do", runner: "pi" },
  { action: "steer_session", id: "w", input: "go" },
  { action: "send_key", id: "w", keys: ["Enter"] },
  { action: "restart_session", id: "w" },
] as const;

const EVIL_IDS = [
  "../escape",
  "..",
  ".",
  "/tmp/looop-escape",
  "a/../../escape",
  "link/escape",
  "pulse",
  "a\0b",
  "a\n",
  "ä",
  "a".repeat(65),
  "~",
  "$(touch escape)",
  "-rf",
  "archive",
  "con.md",
];

function mutate(text: string, random: () => number): string {
  const pick = (n: number) => Math.floor(random() * n);
  const value = JSON.parse(text) as Record<string, unknown>;
  const keys = Object.keys(value);
  const key = keys[pick(keys.length)]!;
  switch (pick(9)) {
    case 0: // a byte replaced
      return text.replace(text[pick(text.length)]!, String.fromCharCode(pick(128)));
    case 1: // cut short
      return text.slice(0, pick(text.length));
    case 2: // twice
      return text + text;
    case 3: // a field gone
      delete value[key];
      break;
    case 4: // a field of another type
      value[key] = [null, 7, true, [], {}, [value[key]]][pick(6)];
      break;
    case 5: // an id from somewhere else
      for (const name of ["id", "name"]) {
        if (name in value) value[name] = EVIL_IDS[pick(EVIL_IDS.length)];
      }
      break;
    case 6: // another action's name over these fields
      value["action"] = BASES[pick(BASES.length)]!.action;
      break;
    case 7: // many fields at once
      Object.assign(value, BASES[pick(BASES.length)], { action: value["action"] });
      break;
    default: // keys that mean something to JavaScript
      return text.replace("{", '{"__proto__":{"action":"run_shell"},"constructor":1,');
  }
  return JSON.stringify(value);
}

/** What a tree gained, lost or changed. */
function difference(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
) {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path]);
}

Deno.test("2,000 mutated decisions never cause more than one effect, and none outside the data dir", async () => {
  using home = new Home();
  using outside = new Home();
  outside.write("precious", "untouched");
  const random = seededRandom(20261121);
  let executed = 0;
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    if (round % 50 === 0) reset(home, outside);
    let text = JSON.stringify(BASES[Math.floor(random() * BASES.length)]);
    for (let times = Math.floor(random() * 3); times > 0; times--) {
      try {
        text = mutate(text, random);
      } catch {
        break; // No longer JSON: as far as mutation goes.
      }
    }
    const before = home.tree();
    try {
      const decision = parseDecision(text);
      await checkMove(decision, contextOf(home));
      await act(decision, contextOf(home));
      executed++;
    } catch (error) {
      ok(
        error instanceof RefusedDecision || error instanceof RefusedMove || error instanceof Error,
      );
      refused++;
    }
    const changed = difference(before, home.tree());
    const isOneMove = changed.length <= 1 ||
      (changed.length === 2 && changed.some((path) => path.startsWith("goals/archive/")));
    ok(isOneMove, `${text} changed ${changed.join(", ")}`);
  }
  ok(executed > 300 && refused > 300, `${executed} executed, ${refused} refused`);
  deepEqual(outside.tree(), { precious: "untouched" });
  deepEqual([...Deno.readDirSync(home.dir)].map(({ name }) => name), ["data"]);
  equal([...Deno.readDirSync(outside.dir)].length, 1);
});

function reset(home: Home, outside: Home): void {
  for (const { name } of readDirIfThere(home.dataDir)) {
    Deno.removeSync(`${home.dataDir}/${name}`, { recursive: true });
  }
  home.write("PLAYBOOK.md", "p");
  home.write("goals/old.md", "goal: old");
  home.write("goals/archive/old.md", "an earlier one");
  // A way out of the data dir, should anything follow it.
  Deno.symlinkSync(outside.dataDir, `${home.dataDir}/goals/link`);
}

function readDirIfThere(dir: string): readonly Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(dir)];
  } catch {
    return []; // The first round: nothing was made yet.
  }
}

function contextOf(home: Home): ActContext {
  const at = (name: string) => `${home.dataDir}/${name}`;
  return {
    dataDir: home.dataDir,
    policy: {
      playbook: at("PLAYBOOK.md"),
      goalsDir: at("goals"),
      archiveDir: at("goals/archive"),
      sensorsDir: at("sensors"),
    },
    shellEnv: {},
    shellTimeoutMs: 10_000,
    sessionsDir: at("sessions"),
    asksDir: at("asks"),
    maxWorkers: 8,
    runnerNames: ["pi"],
    // Stands in for a whole agent: one mark per start.
    workers: {
      start: (id) => Deno.writeTextFile(at("started"), `${id}\n`, { append: true }),
      restart: (id) => Deno.writeTextFile(at("started"), `${id}\n`, { append: true }),
      isWorker: () => true,
    },
  };
}

Deno.test("a goals folder that is a link to somewhere else is not written through", async () => {
  using home = new Home();
  using outside = new Home();
  outside.write("precious", "untouched");
  home.write("PLAYBOOK.md", "p");
  Deno.symlinkSync(outside.dataDir, `${home.dataDir}/goals`);
  const move = { action: "write_goal", id: "a", body: "x" } as const;
  const failure = await act(move, contextOf(home)).then(() => "", (error: Error) => error.message);
  ok(failure.includes("not a folder of its own"), failure);
  deepEqual(outside.tree(), { precious: "untouched" });
});

Deno.test("archive_goal never replaces an earlier goal of the same name", async () => {
  using home = new Home();
  for (const text of ["first", "second", "third"]) {
    home.write("goals/a.md", text);
    await act({ action: "archive_goal", id: "a" }, contextOf(home));
  }
  const archived = ["a.md", "a.2.md", "a.3.md"].map((name) => home.read(`goals/archive/${name}`));
  deepEqual(archived, ["first", "second", "third"]);
  equal(home.read("goals/a.md"), undefined);
});
