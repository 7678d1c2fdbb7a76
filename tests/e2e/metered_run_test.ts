import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const FIXTURES = new URL("../fixtures/agent-streams/", import.meta.url).pathname;
const LOOOP = `'${Deno.execPath()}' run -A --no-check '${MAIN}'`;

async function bash(command: string, env: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-o", "pipefail", "-c", command],
    env: { ...env, NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function withProfile(use: (env: Record<string, string>, dir: string) => Promise<void>) {
  const dir = Deno.makeTempDirSync({ prefix: "looop-meter ünd 'quotes' " });
  try {
    await use({ LOOOP_DATA_DIR: dir, LOOOP_COST_LEDGER: join(dir, "cost.jsonl") }, dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

function ledger(dir: string): Record<string, unknown>[] {
  return Deno.readTextFileSync(join(dir, "cost.jsonl")).trim().split("\n")
    .map((line) => JSON.parse(line));
}

Deno.test("a runner that fails in its stream and exits 0 fails the pipeline, and its cost is written down", () =>
  withProfile(async (env, dir) => {
    const run = { ...env, LOOOP_RUN_KIND: "tick", LOOOP_RUN_ID: "r1", LOOOP_RUNNER: "my-pi" };
    const failed = await bash(`cat '${FIXTURES}pi-401-exit0.jsonl' | ${LOOOP} _fmt pi`, run);
    equal(failed.code, 1);
    match(failed.stderr, /^looop _fmt: pi: 401 .*invalid x-api-key.*\n$/);
    const done = await bash(`cat '${FIXTURES}claude-ok.jsonl' | ${LOOOP} _fmt claude`, env);
    equal(done.code, 0, done.stderr);
    const broken = await bash(`head -c 900 '${FIXTURES}pi-ok.jsonl' | ${LOOOP} _fmt pi`, env);
    equal(broken.code, 1);
    deepEqual(ledger(dir).map(({ kind, id, runner, cost_usd }) => [kind, id, runner, cost_usd]), [
      ["tick", "r1", "my-pi", 0],
      ["other", "-", "claude", 0.0125],
      ["other", "-", "pi", null],
    ]);
  }));

Deno.test("_fmt writes the cost down when nobody reads its output, and when it is told to end", () =>
  withProfile(async (env, dir) => {
    const closed = await bash(
      `cat '${FIXTURES}pi-ok.jsonl' | ${LOOOP} _fmt pi | true; exit "\${PIPESTATUS[1]}"`,
      env,
    );
    equal(closed.code, 0, closed.stderr);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", MAIN, "_fmt", "pi"],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    const lines = Deno.readTextFileSync(FIXTURES + "pi-ok.jsonl").split("\n");
    await writer.write(new TextEncoder().encode(lines.slice(0, 10).join("\n") + "\n"));
    const reader = child.stdout.getReader();
    await reader.read(); // It has seen the first answer.
    child.kill("SIGTERM");
    equal((await child.status).code, 1);
    await reader.cancel();
    await writer.close().catch(() => {}); // Its reader is gone, which is the point.
    deepEqual(ledger(dir).map(({ cost_usd }) => cost_usd), [0.0125, 0.00625]);
  }));

Deno.test("_fmt fails when the cost cannot be written down, and says where", () =>
  withProfile(async (env, dir) => {
    const { code, stderr } = await bash(
      `cat '${FIXTURES}claude-ok.jsonl' | ${LOOOP} _fmt claude`,
      { ...env, LOOOP_COST_LEDGER: join(dir, "missing/cost.jsonl") },
    );
    equal(code, 1);
    match(stderr, /^looop _fmt: cannot append to .*missing\/cost\.jsonl: .*; look at the folder /);
  }));

Deno.test("a worker reports its cost, wrong reports are refused, and the verbs print what stands there", () =>
  withProfile(async (env, dir) => {
    equal((await bash(`${LOOOP} _cost session fix-1 claude 1.25`, env)).code, 0);
    for (
      const wrong of ["tick a pi 1", "session ../a pi 1", "session a pi -1", "session a pi 1e9"]
    ) {
      equal((await bash(`${LOOOP} _cost ${wrong}`, env)).code, 2, wrong);
    }
    equal(ledger(dir).length, 1);
    Deno.writeTextFileSync(join(dir, "cost.jsonl"), "torn", { append: true });
    const text = await bash(`${LOOOP} cost all`, env);
    match(
      text.stdout,
      /^total .* \$1\.25 {2}1 run\nby day .*\nby kind +session .*\nby runner +claude /,
    );
    match(text.stderr, /1 line\(s\) of .* cannot be read/);
    const json = JSON.parse((await bash(`${LOOOP} cost today --json`, env)).stdout);
    deepEqual([json.total_usd, json.today_usd, json.by_runner[0].runner, json.broken_lines], [
      1.25,
      1.25,
      "claude",
      1,
    ]);
    equal((await bash(`${LOOOP} cost tomorrow`, env)).code, 2);
    Deno.writeTextFileSync(join(dir, "journal.md"), "# mine\n- 2026-11-20 10:00 a\x1b[31mb\n");
    equal((await bash(`${LOOOP} journal`, env)).stdout, "# mine\n- 2026-11-20 10:00 ab\n");
    equal(
      (await bash(`${LOOOP} journal --tail 1 --json`, env)).stdout,
      '{"at":"2026-11-20 10:00","text":"a\\u001b[31mb"}\n',
    );
    const nowhere = await bash(`${LOOOP} journal`, { LOOOP_DATA_DIR: join(dir, "none") });
    equal(nowhere.code, 1);
    match(nowhere.stderr, /^looop journal: no profile at /);
  }));
