import { deepEqual, equal, match, ok } from "node:assert/strict";
import { VERSION } from "../../src/base/version.ts";
import { libcPaths } from "../../src/libc/paths.ts";
import { CHECKOUT } from "../../src/ship/bundle.ts";
import { compileArguments } from "../../src/ship/compile.ts";
import { TARGETS } from "../../src/ship/targets.ts";
import { testBinary } from "../helpers/binary.ts";
import { Installed } from "../helpers/installed.ts";

/** What Deno wrote down in the binary as its permissions. */
function readPermissions(bytes: Uint8Array): Record<string, unknown> {
  const text = new TextDecoder("latin1").decode(bytes.subarray(-8 << 20));
  const [, json] = /"permissions":(\{[^{}]*\})/.exec(text) ?? [];
  return JSON.parse(json ?? "{}");
}

testBinary("the binary says its version and its help, and creates nothing", async (binary) => {
  using home = new Installed(binary);
  deepEqual(await home.run("version"), { code: 0, stdout: `looop ${VERSION}\n`, stderr: "" });
  const help = await home.run("--help");
  equal(help.code, 0);
  match(help.stdout, /version/);
  equal((await home.run("no-such-verb")).code, 2);
  deepEqual([...Deno.readDirSync(home.dir)].map(({ name }) => name), [`it's my "bin"`]);
});

testBinary(
  "the binary was built with the permissions it needs and none besides",
  async (binary) => {
    const bytes = await Deno.readFile(binary);
    const permissions = readPermissions(bytes);
    deepEqual(permissions["allow_ffi"], libcPaths());
    equal(permissions["allow_net"], null);
    equal(permissions["allow_sys"], null);
    deepEqual(permissions["deny_import"], [], "all imports from outside are denied");
    equal(permissions["prompt"], false);
    for (const name of ["read", "write", "env", "run"]) deepEqual(permissions[`allow_${name}`], []);
    equal(permissions["allow_all"] ?? null, null);
    // Nothing in it points back at the folder that it was built from.
    const embedded = new TextDecoder("latin1").decode(bytes.subarray(-8 << 20));
    ok(!embedded.includes(CHECKOUT), `the binary names ${CHECKOUT}`);
  },
);

testBinary("the binary runs a beat, and LOOOP_BIN in it is the binary itself", async (binary) => {
  using home = new Installed(binary);
  home.configure(`"$LOOOP_BIN" version > said.txt && printf '%s' "$LOOOP_BIN" > ../bin.txt &&
    cp said.txt ../said.txt && echo '{"action":"write_goal","id":"x","body":"goal: x\\n"}' > "$LOOOP_DECISION_FILE"`);
  const beat = await home.run("tick");
  equal(beat.code, 0, beat.stdout + beat.stderr);
  equal(home.read("bin.txt"), home.bin);
  equal(home.read("said.txt"), `looop ${VERSION}\n`);
  equal(home.read("goals/x.md"), "goal: x\n");
  equal((await home.run("status")).code, 0);
});

Deno.test("no target is ever compiled with net, sys, import or all permissions", () => {
  for (const target of TARGETS) {
    const flags = compileArguments(target);
    ok(!flags.some((flag) => /^(-A|-N|--allow-(all|net|sys|import))/.test(flag)), flags.join(" "));
    const ffi = flags.find((flag) => flag.startsWith("--allow-ffi"));
    equal(ffi, `--allow-ffi=${libcPaths(target.os, target.arch).join(",")}`);
    ok(flags.includes("--no-prompt") && flags.includes("--deny-import"));
  }
});
