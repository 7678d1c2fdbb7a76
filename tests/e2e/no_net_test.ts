import { equal, match, ok } from "node:assert/strict";
import { permissionFlags } from "../../src/profile/permissions.ts";
import { Home } from "../helpers/home.ts";

/** The permissions of the compiled binary, and a net that is refused aloud. */
const PERMISSIONS = [...permissionFlags(), "--deny-net"];

Deno.test("the binary's permissions name no net, and of foreign code the C library alone", () => {
  const flags = permissionFlags();
  ok(flags.every((flag) => !/net|import|sys|all\b/.test(flag)), flags.join(" "));
  ok(flags.some((flag) => /^--allow-ffi=\/?\S*libc|^--allow-ffi=.*libSystem/.test(flag)));
});

Deno.test("every main path runs under --deny-net with the binary's permissions, and its children get no more", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  // What a child is started with is what its own launcher says: a sensor and a worker look.
  home.write(
    "sensors/self.sh",
    `tail -n 1 "$LOOOP_BIN" > ${home.dir}/launched; "$LOOOP_BIN" version > ${home.dir}/version; echo 1`,
  );
  home.decideAlways({ action: "start_worker", id: "w", prompt: "hello" });
  const config = JSON.parse(Deno.readTextFileSync(home.configPath));
  config.runners.script.interactive = '"$LOOOP_BIN" flag "$LOOOP_SESSION_ID" look; ' +
    'answer=$("$LOOOP_BIN" ask "$LOOOP_SESSION_ID" --prompt "go on?"); echo "got $answer"; read x; echo "read $x"; read y';
  Deno.writeTextFileSync(home.configPath, JSON.stringify(config));
  const looop = async (...args: readonly string[]) => {
    const ran = await home.looop(args, { permissions: PERMISSIONS, timeoutMs: 90_000 });
    const said = `${args.join(" ")}: ${ran.code} ${ran.stdout}${ran.stderr}`;
    ok(!/Requires|NotCapable|net access/.test(ran.stdout + ran.stderr), said);
    return { ...ran, said };
  };
  const done = async (...args: readonly string[]) => {
    const ran = await looop(...args);
    equal(ran.code, 0, ran.said);
    return ran.stdout;
  };
  await done("tick");
  try {
    equal((home.read("../version") ?? "").trim().split(" ").length > 0, true);
    const launched = home.read("../launched")!;
    for (const flag of permissionFlags()) ok(launched.includes(flag), launched);
    ok(!/-A\b|--allow-all|--allow-net|--allow-sys/.test(launched), launched);
    const deadline = performance.now() + 60_000;
    let asks: readonly { id: string; kind: string }[] = [];
    while (asks.length === 0) {
      ok(performance.now() < deadline, await done("log", "w"));
      asks = JSON.parse(await done("asks", "--json"));
    }
    await done("answer", asks[0]!.id, "yes");
    await done("expect", "w", "got yes", "--timeout", "60s");
    await done("send", "w", "words");
    await done("expect", "w", "read words", "--timeout", "60s");
    match(await done("shot", "w"), /read words/);
    await done("key", "w", "Up");
    await done("resize", "w", "90x30");
    for (const verb of ["status", "ls", "why", "journal", "cost", "asks", "help"]) await done(verb);
    match((await looop("doctor")).stdout, /\S/);
    // The supervisor is a child that looop starts without a launcher.
    const record = JSON.parse(home.read("sessions/w/session.json")!);
    const { stdout } = new Deno.Command("ps", {
      args: ["-ww", "-o", "args=", "-p", String(record.supervisor_pid)],
    }).outputSync();
    const supervisor = new TextDecoder().decode(stdout);
    match(supervisor, /--allow-ffi=/);
    ok(!/ -A |--allow-all|--allow-net/.test(supervisor), supervisor);
    await done("unflag", "w");
    await done("restart", "w");
  } finally {
    await done("kill", "w");
  }
  await done("prune");
});

Deno.test("the foreground beats under --deny-net until Ctrl-C", async () => {
  using home = new Home();
  home.write("PLAYBOOK.md", "# P\n");
  home.decideAlways({ action: "noop", reason: "calm" }, { interval: 1 });
  const ran = await home.looop([], {
    permissions: PERMISSIONS,
    through: ["timeout", "-s", "INT", "--foreground", "6"],
    timeoutMs: 60_000,
  });
  // `timeout` says 124 of a command that it had to signal.
  ok([124, 130].includes(ran.code), `${ran.code} ${ran.stdout}${ran.stderr}`);
  ok(!/Requires|NotCapable/.test(ran.stdout + ran.stderr), ran.stdout + ran.stderr);
  match(ran.stdout, /noop/);
  equal(JSON.parse((await home.looop(["status", "--json"])).stdout).pulse.running, false);
});

Deno.test("the demo runs under --deny-net", async () => {
  using home = new Home();
  const ran = await home.looop(["demo"], { permissions: PERMISSIONS, timeoutMs: 120_000 });
  equal(ran.code, 0, ran.stdout + ran.stderr);
});
