import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { fromFileUrl, withTempDir } from "../helpers/temp_dir.ts";

const root = fromFileUrl("../../", import.meta.url);

/** Writes a tiny program that imports self.ts the way main.ts does, and runs it. */
async function runProbe(folder: string, body: string): Promise<string> {
  const entry = join(folder, "main.ts");
  await Deno.writeTextFile(
    entry,
    `import { ensureLooopBin, registerEntry, selfCommand } from ${
      JSON.stringify(new URL("../../src/profile/self.ts", import.meta.url).href)
    };\nregisterEntry(import.meta.url);\n${body}\n`,
  );
  return await output([Deno.execPath(), "run", "-A", "--no-config", entry]);
}

async function output(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const [program = "", ...args] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    ...options,
  }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("selfCommand() gives a command that runs looop from any folder", () =>
  withTempDir(async (folder) => {
    const { selfCommand } = await import("../../src/profile/self.ts");
    const command = selfCommand();
    equal(command.at(-1), new URL("../../main.ts", import.meta.url).href);
    const printed = await output([...command, "version"], { cwd: folder });
    equal(printed, await output([Deno.execPath(), "run", "-A", join(root, "main.ts"), "version"]));
  }));

Deno.test("ensureLooopBin() writes one path that passes its arguments on, whatever the names", () =>
  withTempDir(async (folder) => {
    const odd = join(folder, `it's a "$HOME" \`é\` \\ folder`);
    await Deno.mkdir(odd);
    const shown = JSON.parse(
      await runProbe(
        odd,
        `if (Deno.args[0] === "echo") console.log(JSON.stringify([...Deno.args, Deno.cwd()]));
         else console.log(JSON.stringify({ bin: ensureLooopBin(${
          JSON.stringify(join(odd, "bin"))
        }) }));`,
      ),
    ) as { bin: string };
    equal((await Deno.stat(shown.bin)).mode! & 0o777, 0o700);
    const args = ["echo", "two words", `'"$HOME`, "", "*"];
    const cwd = await Deno.realPath(folder);
    deepEqual(JSON.parse(await output([shown.bin, ...args], { cwd })), [...args, cwd]);
  }));

Deno.test("ensureLooopBin() leaves a right launcher alone and mends a broken one", () =>
  withTempDir(async (folder) => {
    const { ensureLooopBin } = await import("../../src/profile/self.ts");
    const path = ensureLooopBin(folder);
    const first = await Deno.stat(path);
    ensureLooopBin(folder);
    equal((await Deno.stat(path)).ino, first.ino);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, "#!/bin/sh\nexit 1\n");
    ensureLooopBin(folder);
    equal(await Deno.readTextFile(path), text);
    await Deno.chmod(path, 0o600);
    ensureLooopBin(folder);
    equal((await Deno.stat(path)).mode! & 0o777, 0o700);
    deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["looop"]);
  }));

Deno.test("launcherText() falls back to the deno on PATH when the one it knew has gone", () =>
  withTempDir(async (folder) => {
    const { launcherText } = await import("../../src/profile/self.ts");
    const script = join(folder, "launch");
    await Deno.writeTextFile(
      script,
      launcherText(join(folder, "gone"), ["eval", "console.log(7)"]),
    );
    await Deno.symlink(Deno.execPath(), join(folder, "deno"));
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    equal(await output(["/bin/sh", script], { env }), "7\n");
  }));
