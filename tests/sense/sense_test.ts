import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Json } from "../../src/base/canonical_json.ts";
import { MAX_CONCURRENT_SENSORS, sense } from "../../src/sense/sense.ts";
import { readingSnapshot, type Snapshot } from "../../src/sense/snapshot.ts";
import { Home } from "../helpers/home.ts";
import { isRunning } from "../helpers/processes.ts";

async function senseIn(home: Home, more: {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly nowMs?: number;
  readonly system?: Readonly<Record<string, Json>>;
} = {}): Promise<Readonly<Record<string, Snapshot>>> {
  const snapshots = await sense({
    dataDir: home.dataDir,
    sensorsDir: `${home.dataDir}/sensors`,
    snapshotsDir: `${home.dataDir}/snapshots`,
    env: { LOOOP_DATA_DIR: home.dataDir },
    timeoutMs: more.timeoutMs ?? 20_000,
    maxBytes: more.maxBytes ?? 8192,
    system: more.system ?? {},
    nowMs: more.nowMs ?? Date.now(),
  });
  return Object.fromEntries(snapshots.map((snapshot) => [snapshot.name, snapshot]));
}

function errorOf(snapshot: Snapshot | undefined): unknown {
  return (snapshot?.reading as { readonly error?: string }).error;
}

Deno.test("sense() runs scripts with and without the executable bit in the data dir", async () => {
  using home = new Home("data dir with 'quotes' and ünïcode");
  home.write("sensors/plain.sh", `printf '{"cwd":"%s","dir":"%s"}' "$PWD" "$LOOOP_DATA_DIR"`);
  home.write("sensors/exec.sh", "#!/bin/sh\necho 42\n", 0o755);
  const { plain, exec } = await senseIn(home);
  deepEqual(plain!.reading, { cwd: home.dataDir, dir: home.dataDir });
  equal(exec!.reading, 42);
  equal(home.read("snapshots/sensor-exec.json"), "42\n");
});

Deno.test("sense() keeps numbers that JavaScript cannot hold as their digits, so that a change of one is seen", async () => {
  using home = new Home();
  home.write(
    "sensors/ids.sh",
    `echo '{"signal":{"id":9007199254740993,"below":-9007199254740993,"held":9007199254740991},
    "detail":[1e999,1e3,1.5,"9007199254740993",1234567890123456789.5,{"__proto__":12345678901234567890}]}'`,
  );
  home.write("sensors/bare.sh", "echo 18446744073709551615");
  const { ids, bare } = await senseIn(home);
  deepEqual(ids!.signal, {
    id: "9007199254740993",
    below: "-9007199254740993",
    held: 9007199254740991,
  });
  equal(
    JSON.stringify((ids!.reading as { readonly detail: Json }).detail),
    `["1e999",1000,1.5,"9007199254740993",1234567890123456800,{"__proto__":"12345678901234567890"}]`,
  );
  equal(bare!.reading, "18446744073709551615");
  equal(home.read("snapshots/sensor-bare.json"), '"18446744073709551615"\n');
});

Deno.test("sense() turns every way to fail into a small reading, and keeps stderr", async () => {
  using home = new Home();
  home.write("sensors/exit.sh", "echo oops >&2; exit 3");
  home.write("sensors/prose.sh", "echo hello there");
  home.write("sensors/two.sh", "echo '{}'; echo '{}'");
  home.write("sensors/silent.sh", "true");
  home.write("sensors/endless.sh", "yes");
  home.write("sensors/missing.sh", "#!/no/such/interpreter\n", 0o755);
  home.write("sensors/deep.sh", `printf '[%.0s' {1..3000}; printf ']%.0s' {1..3000}`);
  home.write("sensors/good.sh", "echo 1");
  const started = performance.now();
  const snapshots = await senseIn(home);
  ok(performance.now() - started < 15_000);
  deepEqual(snapshots["exit"]!.reading, {
    error: "exit",
    message: "sensor exit exited with 3",
    exit_code: 3,
    detail: "see snapshots/exit.err",
  });
  // Fresh or read back, what is kept beside it does not count.
  const { signal, reading } = snapshots["exit"]!;
  deepEqual(signal, { error: "exit", message: "sensor exit exited with 3", exit_code: 3 });
  deepEqual(readingSnapshot("exit", reading).signal, signal);
  equal(home.read("snapshots/exit.err"), "oops\n");
  equal(errorOf(snapshots["prose"]), "not_json");
  equal(errorOf(snapshots["two"]), "not_json");
  equal(errorOf(snapshots["silent"]), "not_json");
  equal(errorOf(snapshots["endless"]), "too_large");
  equal(errorOf(snapshots["missing"]), "cannot_run");
  equal(errorOf(snapshots["deep"]), "too_deep");
  equal(snapshots["good"]!.reading, 1);
});

Deno.test("sense() names the .err file only where there is one, and keeps in it the head of what is not JSON", async () => {
  using home = new Home();
  home.write("sensors/mute.sh", "exit 3");
  home.write("sensors/silent.sh", "true");
  home.write("sensors/prose.sh", "echo hello there; printf careful >&2");
  home.write("sensors/long.sh", "printf 'x%.0s' {1..5000}");
  home.write("sensors/good.sh", "echo 1; echo note >&2");
  const snapshots = await senseIn(home);
  const messageOf = (name: string) => {
    const { message, detail } = snapshots[name]!.reading as {
      readonly message: string;
      readonly detail?: string;
    };
    return detail === undefined ? message : `${message}; ${detail}`;
  };
  equal(messageOf("mute"), "sensor mute exited with 3");
  equal(messageOf("silent"), "sensor silent printed nothing");
  for (const name of ["mute", "silent"]) equal(home.read(`snapshots/${name}.err`), undefined);
  match(messageOf("prose"), /not one JSON value; see snapshots\/prose\.err$/);
  deepEqual(JSON.parse(home.read("snapshots/sensor-prose.json")!), snapshots["prose"]!.reading);
  // What was kept beside a reading is no part of what wakes the loop.
  deepEqual(snapshots["prose"]!.signal, {
    error: "not_json",
    message: "sensor prose printed something that is not one JSON value",
  });
  equal(
    home.read("snapshots/prose.err"),
    "careful\n--- stdout, which is not one JSON value (12 bytes):\nhello there\n",
  );
  equal(
    home.read("snapshots/long.err"),
    `--- stdout, which is not one JSON value (first 4096 of 5000 bytes):\n${"x".repeat(4096)}`,
  );
  equal(snapshots["good"]!.reading, 1);
  equal(home.read("snapshots/good.err"), "note\n");
});

Deno.test("sense() ends a slow sensor with its whole process group, with exit code 124", async () => {
  using home = new Home();
  home.write("sensors/slow.sh", `sleep 600 & echo $! > ${home.dir}/pid; trap '' TERM; sleep 600`);
  const { slow } = await senseIn(home, { timeoutMs: 500 });
  // Its shell may or may not have had the time to complain of its end.
  deepEqual(slow!.signal, {
    error: "timeout",
    message: "sensor slow took more than 0.5 s",
    exit_code: 124,
  });
  equal(isRunning(Number(home.read("../pid"))), false);
});

Deno.test("sense() is not held up by a background job that keeps the pipe open, and ends it", async () => {
  using home = new Home();
  home.write("sensors/job.sh", `sleep 20 & echo $! > ${home.dir}/pid; echo '"done"'`);
  const started = performance.now();
  const { job } = await senseIn(home);
  equal(job!.reading, "done");
  ok(performance.now() - started < 10_000);
  equal(isRunning(Number(home.read("../pid"))), false);
});

Deno.test("sense() runs at most eight sensors at once", async () => {
  using home = new Home();
  for (let number = 0; number < 20; number++) {
    home.write(
      `sensors/s${number}.sh`,
      `touch ${home.dir}/on-$$; ls ${home.dir} | grep -c on-; sleep 0.1; rm ${home.dir}/on-$$`,
    );
  }
  const counts = Object.values(await senseIn(home)).map(({ reading }) => Number(reading));
  equal(counts.length, 20);
  ok(Math.max(...counts) <= MAX_CONCURRENT_SENSORS, `${Math.max(...counts)} at once`);
  ok(Math.max(...counts) > 1, "they ran one by one");
});

Deno.test("sense() keeps the snapshot of a sensor with an interval while it is fresh", async () => {
  using home = new Home();
  const script =
    `# looop:interval=3600\necho x >> ${home.dir}/runs; echo '{"n":1,"error":"mine"}'\n`;
  home.write("sensors/rare.sh", script);
  const lines = () => (home.read("../runs") ?? "").split("\n").length - 1;
  await senseIn(home);
  await senseIn(home);
  equal(lines(), 1);
  deepEqual((await senseIn(home)).rare!.reading, { n: 1, error: "mine" });
  await senseIn(home, { nowMs: Date.now() + 3_601_000 });
  equal(lines(), 2);
  // An edited script and a clock that was set back both end the freshness.
  await senseIn(home, { nowMs: Date.now() - 60_000 });
  equal(lines(), 3);
  home.write("sensors/rare.sh", script);
  Deno.utimeSync(`${home.dataDir}/sensors/rare.sh`, new Date(), new Date(Date.now() + 5000));
  await senseIn(home);
  equal(lines(), 4);
});

Deno.test("sense() removes the snapshots of sensors that are gone, and system readings need no script", async () => {
  using home = new Home();
  home.write("sensors/a.sh", "echo 1");
  await senseIn(home);
  Deno.removeSync(`${home.dataDir}/sensors/a.sh`);
  Deno.mkdirSync(`${home.dataDir}/sensors/folder.sh`);
  home.write("sensors/sys-claims.sh", "echo forged");
  const snapshots = await senseIn(home, { system: { "sys-claims": { signal: null, detail: [] } } });
  deepEqual(Object.keys(snapshots), ["sys-claims"]);
  equal(snapshots["sys-claims"]!.signal, null);
  equal(home.read("snapshots/sensor-a.json"), undefined);
  match(home.read("snapshots/sensor-sys-claims.json")!, /"detail": \[\]/);
});
