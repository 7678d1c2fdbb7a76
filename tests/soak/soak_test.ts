import { equal } from "node:assert/strict";

Deno.test("beats in a row stay within their bounds on disk and in memory, in a process of their own", async () => {
  // The soak takes git off PATH, which is the whole process's: beside it other tests would miss it too.
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--no-check",
      new URL("./soak_beats.ts", import.meta.url).pathname,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  equal(code, 0, said);
  console.log(said.split("\n").find((line) => line.startsWith('{"seconds"')) ?? "");
});
