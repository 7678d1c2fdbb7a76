import { deepEqual, equal, match, throws } from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../src/base/version.ts";
import { makeRelease, stamp } from "../../src/ship/release.ts";
import { findHostTarget } from "../../src/ship/targets.ts";
import { testBinary } from "../helpers/binary.ts";
import { type Served, serveRelease } from "../helpers/release_server.ts";
import { fromFileUrl, withTempDir } from "../helpers/temp_dir.ts";

testBinary(
  "a release installs from its own install.sh, with nothing there but a shell and curl",
  () =>
    withTempDir(async (folder) => {
      const target = findHostTarget()!;
      await makeRelease(join(folder, "release"), { targets: [target], repository: "some/fork" });
      const files: Served = {};
      const names = [...Deno.readDirSync(join(folder, "release"))].map(({ name }) => name).sort();
      deepEqual(names, [
        "SHA256SUMS",
        "install.sh",
        "looop-bundle.tar.gz",
        `looop-${target.triple}.gz`,
      ]);
      for (const name of names) {
        files[`download/v${VERSION}/${name}`] = await Deno.readFile(join(folder, "release", name));
      }
      await using server = serveRelease(files);
      const { code, stderr } = await new Deno.Command("bash", {
        args: [join(folder, "release/install.sh")],
        cwd: folder,
        clearEnv: true,
        stdin: "null",
        env: {
          HOME: folder,
          PATH: "/usr/bin:/bin",
          LOOOP_VERSION: VERSION,
          LOOOP_RELEASE_URL: server.url,
        },
      }).output();
      const said = new TextDecoder().decode(stderr);
      equal(code, 0, said);
      match(said, new RegExp(`Installed looop ${VERSION.replaceAll(".", "\\.")} as `));
      deepEqual(server.asked, [
        `download/v${VERSION}/SHA256SUMS`,
        `download/v${VERSION}/looop-${target.triple}.gz`,
      ]);
    }),
);

Deno.test("stamp() makes install.sh look at the project that made the release", () => {
  const script = Deno.readTextFileSync(fromFileUrl("../../install.sh", import.meta.url));
  match(stamp(script, "some/fork"), /^: "\$\{LOOOP_REPO:=some\/fork\}"$/m);
  equal(stamp(script, undefined), script);
  throws(() => stamp(script, 'x"; rm -rf ~ #'), /names no project/);
  throws(() => stamp("echo", "some/fork"), /names no project to replace/);
});
