import { deepEqual, equal, match, ok } from "node:assert/strict";
import { testBinary } from "../helpers/binary.ts";
import { Installed } from "../helpers/installed.ts";
import { isRunning } from "../helpers/processes.ts";

/** A worker that echoes what it is told, and says where its looop is. */
const WORKER = `printf '%s\\n' "bin=$LOOOP_BIN id=$LOOOP_SESSION_ID"; "$LOOOP_BIN" version;
while printf 'ready> '; read -r line; do echo "got <$line>"; done`;

function homeWithWorkers(binary: string, tick = "true"): Installed {
  const home = new Installed(binary);
  Deno.writeTextFileSync(`${home.dir}/worker.sh`, WORKER);
  home.configure(tick, {
    runners: { script: { tick, interactive: `bash ${home.dir}/worker.sh` } },
  });
  return home;
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly alive: boolean;
}

testBinary(
  "the binary starts a worker, types into it, shows its screen and ends it",
  async (binary) => {
    using home = homeWithWorkers(binary);
    const must = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await home.run(...args);
      equal(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
      return stdout;
    };
    await must("start-session", "w1", "hello");
    try {
      await must("expect", "w1", "ready> ");
      const log = await must("log", "w1");
      ok(log.includes(`bin=${home.bin} id=w1`), log);
      match(log, /looop \d+\.\d+\.\d+/);
      await must("send", "w1", "two words");
      await must("expect", "w1", "got <two words>");
      match(await must("shot", "w1", "--trim"), /^ready> two words\s+got <two words>\s+ready>/m);
      await must("flag", "w1", "look here");
      match(await must("ls"), /w1.*look here/);
    } finally {
      await must("kill", "w1");
    }
    const rows = JSON.parse(await must("ls", "--json")) as readonly Row[];
    deepEqual(rows.map(({ id, state, alive }) => ({ id, state, alive })), [
      { id: "w1", state: "killed", alive: false },
    ]);
    ok((await home.run("wait", "w1")).code > 128);
  },
);

testBinary(
  "the binary's foreground beats, takes a worker along, and leaves nothing behind",
  async (binary) => {
    using home = homeWithWorkers(
      binary,
      `cat > /dev/null; echo '{"action":"start_worker","id":"w2","prompt":"go"}' > "$LOOOP_DECISION_FILE"`,
    );
    const foreground = home.command("--json").spawn();
    const stderr = new Response(foreground.stderr).text();
    const deadline = setTimeout(() => foreground.kill("SIGKILL"), 60_000);
    let said = "";
    let hasInterrupted = false;
    for await (const chunk of foreground.stdout.pipeThrough(new TextDecoderStream())) {
      said += chunk;
      if (hasInterrupted || !/start_worker/.test(said)) continue;
      equal((await home.run("expect", "w2", "ready> ")).code, 0);
      hasInterrupted = true;
      foreground.kill("SIGINT");
    }
    const { code } = await foreground.status;
    clearTimeout(deadline);
    equal(code, 130, said + await stderr);
    const status = JSON.parse((await home.run("status", "--json")).stdout) as {
      pulse: { running: boolean };
      workers: readonly Row[];
    };
    equal(status.pulse.running, false);
    deepEqual(status.workers.map(({ id, alive }) => [id, alive]), [["w2", false]]);
    for (const id of ["pulse", "w2"]) {
      const record = JSON.parse(home.read(`sessions/${id}/session.json`)!) as {
        pid: number;
        supervisor_pid: number;
      };
      for (const pid of [record.pid, record.supervisor_pid]) ok(!isRunning(pid), `${id} ${pid}`);
    }
  },
);

testBinary(
  "the binary's demo needs nothing and does everything that it promises",
  async (binary) => {
    using home = new Installed(binary);
    const { code, stdout, stderr } = await home.run("demo");
    equal(code, 0, stdout + stderr);
    deepEqual(home.read("PLAYBOOK.md"), undefined, "the demo touched the person's own profile");
  },
);
