/**
 * Runs the test suite and closes with one plain line that any reader understands:
 * `N passed, N failed, N skipped`. Exits non-zero when a test failed or none ran.
 *
 * @module
 */

const SUMMARY =
  /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/g;

const child = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "-A",
    "--parallel",
    "--no-check",
    ...Deno.args,
    ...(Deno.args.length > 0 ? [] : ["tests/"]),
  ],
  stdout: "piped",
  stderr: "inherit",
  env: { NO_COLOR: "1" },
}).spawn();

let output = "";
const decoder = new TextDecoder();
for await (const chunk of child.stdout) {
  Deno.stdout.writeSync(chunk);
  output = (output + decoder.decode(chunk, { stream: true })).slice(-65536);
}
const { code } = await child.status;
const [, passed = "0", failed = "0", skipped = "0"] = [...output.matchAll(SUMMARY)].at(-1) ?? [];
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(code !== 0 ? code : Number(passed) === 0 ? 1 : 0);
