import { deepEqual, equal, match, ok } from "node:assert/strict";
import { VERBS } from "../../src/cli/verbs.ts";
import { Home, type Ran } from "../helpers/home.ts";

/** What each verb about one session needs behind the id. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  send: ["hi"],
  key: ["Enter"],
  expect: ["x", "--timeout", "1s"],
  resize: ["80x24"],
  ask: ["--prompt", "which?", "--timeout", "1s"],
};
const SESSION_VERBS = VERBS.filter(({ completes }) => completes === "session")
  .map(({ name }) => name);
/** These change or drive a worker; the others read what is over, too, or may come twice. */
const NEED_LIFE = ["attach", "detach", "send", "key", "resize", "flag", "ask"];
const REFUSE_PULSE = [...NEED_LIFE, "restart", "kill", "unflag"];

async function each(
  home: Home,
  id: string,
  verbs: readonly string[] = SESSION_VERBS,
): Promise<ReadonlyMap<string, Ran>> {
  const ran = new Map<string, Ran>();
  for (const verb of verbs) {
    ran.set(verb, await home.looop([verb, id, ...BEHIND[verb] ?? []]));
  }
  return ran;
}

function allSay(ran: ReadonlyMap<string, Ran>, words: string): void {
  for (const [verb, { code, stdout, stderr }] of ran) {
    deepEqual([code, stdout, stderr], [1, "", `looop ${verb}: ${words}\n`]);
  }
}

Deno.test("each verb about a session says the same of a missing profile, an unknown id and the pulse", async () => {
  using home = new Home();
  ok(SESSION_VERBS.length > 15);
  allSay(
    await each(home, "nope"),
    `no profile at ${home.dataDir}; run \`looop\` to create it, or set LOOOP_DATA_DIR`,
  );
  home.write("PLAYBOOK.md", "# Playbook\n");
  allSay(await each(home, "nope"), 'there is no session "nope"; `looop ls` lists them');
  const readers = SESSION_VERBS.filter((verb) => !REFUSE_PULSE.includes(verb));
  allSay(
    await each(home, "pulse", readers),
    "the pulse does not run and has left nothing to read; " +
      "`looop` starts it, `looop journal` tells what it did",
  );
  for (const [verb, { code, stderr }] of await each(home, "pulse", REFUSE_PULSE)) {
    equal(code, 1);
    ok(
      stderr.startsWith(`looop ${verb}: "pulse" is the loop itself, not a worker; Ctrl-C `),
      stderr,
    );
  }
});

Deno.test("each verb that needs a living worker says the same of one that is over, and names a near id", async () => {
  using home = new Home();
  home.configure("true", {
    runners: { script: { tick: "true", interactive: "bash -c 'exit 3'" } },
  });
  equal((await home.looop(["start-session", "fix-ci", "go"])).code, 0);
  equal((await home.looop(["wait", "fix-ci", "--timeout", "20s"])).code, 3);
  allSay(
    await each(home, "fix-ci", NEED_LIFE),
    'the session "fix-ci" is not alive (exited); ' +
      "`looop log fix-ci` shows what it wrote, `looop restart fix-ci` starts it again",
  );
  allSay(
    await each(home, "fixci", ["send", "log"]),
    'there is no session "fixci"; did you mean "fix-ci"?',
  );
});

Deno.test("each verb says what is missing or too much, and exits 2", async () => {
  using home = new Home();
  for (const verb of SESSION_VERBS) {
    const missing = await home.looop([verb]);
    equal(missing.code, 2);
    match(
      missing.stderr,
      /^looop \S+: <\S+>( and <\S+> are| is) missing; see `looop \S+ --help`\n$/,
    );
    if (["send", "key"].includes(verb)) continue; // They take any number.
    const tooMuch = [verb, "x", ...verb === "flag" ? ["note"] : BEHIND[verb] ?? [], "more"];
    const extra = await home.looop(tooMuch);
    equal(extra.code, 2);
    match(extra.stderr, /^looop \S+: "more" is one argument too many; see `looop \S+ --help`\n$/);
  }
  const { stderr } = await home.looop(["ask", "x"]);
  equal(stderr, "looop ask: --prompt TEXT is missing; see `looop ask --help`\n");
});
