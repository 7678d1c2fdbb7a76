import { equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { CHILD_MARK, runChild } from "../../src/base/child.ts";
import { endTree } from "../../src/libc/process_tree.ts";
import { isRunning } from "../helpers/processes.ts";

const BOUNDS = { timeoutMs: 20_000, maxBytes: 1000 };

/** Starts, out of reach of its process group, what would run for minutes; ignores polite signals. */
const ESCAPE = `
(trap "" HUP TERM; setsid bash -c 'trap "" HUP TERM; echo $$ > deep; exec sleep 300' &) &
setsid sleep 300 &
echo $! > aside
sleep 300 &
echo $! > job
until [ -s deep ]; do sleep 0.05; done
`;

async function withFolder(use: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = Deno.makeTempDirSync({ prefix: "looop-child-" });
  try {
    await use(cwd);
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

const pidIn = (cwd: string, name: string) => Number(Deno.readTextFileSync(join(cwd, name)).trim());

function checkNothingRuns(cwd: string): void {
  for (const name of ["deep", "aside", "job"]) {
    equal(isRunning(pidIn(cwd, name)), false, `${name} still runs`);
  }
}

Deno.test("runChild() ends, at its timeout, also what left the process group and ignores signals", () =>
  withFolder(async (cwd) => {
    const args = ["-c", `${ESCAPE} sleep 300`];
    const result = await runChild("bash", { ...BOUNDS, args, cwd, timeoutMs: 3000 });
    equal(result.timedOut, true);
    equal(result.code, 124);
    checkNothingRuns(cwd);
  }));

Deno.test(
  "runChild() ends what wiped its environment and left group, session and parent, by its output",
  {
    ignore: Deno.build.os !== "linux",
  },
  () =>
    withFolder(async (cwd) => {
      const escape = `env -i setsid -f bash -c 'echo $$ > deep; exec sleep 300'
      (env -i setsid bash -c 'echo $$ > aside; exec sleep 300' 2> /dev/null &)
      env -i setsid -f bash -c 'echo $$ > job; exec sleep 300' > /dev/null
      sleep 300`;
      const result = await runChild("bash", {
        ...BOUNDS,
        args: ["-c", escape],
        cwd,
        timeoutMs: 1500,
      });
      equal(result.timedOut, true);
      checkNothingRuns(cwd);
    }),
);

Deno.test("runChild() ends the whole tree of a child that prints too much or is to stop", () =>
  withFolder(async (cwd) => {
    const args = ["-c", `${ESCAPE} printf '%05000d' 1; sleep 300`];
    const result = await runChild("bash", { ...BOUNDS, args, cwd });
    equal(result.isTooLarge, true);
    checkNothingRuns(cwd);
    for (const name of ["deep", "aside", "job"]) Deno.removeSync(join(cwd, name));
    const stop = new AbortController();
    const running = runChild("bash", {
      ...BOUNDS,
      args: ["-c", `${ESCAPE} echo ready; sleep 300`],
      cwd,
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    equal((await running).wasStopped, true);
    checkNothingRuns(cwd);
  }));

Deno.test("runChild() leaves alone what a child that ended in time left running, and marks it", () =>
  withFolder(async (cwd) => {
    const mark = crypto.randomUUID();
    const args = ["-c", "setsid sleep 300 > /dev/null 2>&1 & echo $! > job"];
    const result = await runChild("bash", { ...BOUNDS, args, cwd, env: { [CHILD_MARK]: mark } });
    equal(result.code, 0);
    ok(isRunning(pidIn(cwd, "job")));
    // By the mark a later beat finds what a killed one left.
    const left = { markPrefix: `${CHILD_MARK}=${mark}/` };
    ok(await endTree(left, { graceMs: 500, limitMs: 5000 }));
    equal(isRunning(pidIn(cwd, "job")), false);
  }));
