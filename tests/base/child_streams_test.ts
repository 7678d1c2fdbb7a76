import { deepEqual, equal, ok } from "node:assert/strict";
import { feedChild, pumpOutput, readOutput } from "../../src/base/child_streams.ts";

const start = (script: string) =>
  new Deno.Command("bash", {
    args: ["-c", script],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();

Deno.test("pumpOutput() hands every byte over in order, in pieces of one small buffer", async () => {
  const child = start("seq 100000; sleep 0.05; echo end");
  await feedChild(child, "");
  let text = "";
  const sizes = new Set<number>();
  await pumpOutput(child.stdout, (bytes) => {
    text += new TextDecoder().decode(bytes);
    sizes.add(bytes.buffer.byteLength);
  });
  equal((await child.status).code, 0);
  equal(text, Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join("") + "end\n");
  // A new buffer for each read is what V8 does not count.
  deepEqual([...sizes], [16 * 1024]);
});

Deno.test("pumpOutput() ends at an abort, where a job holds the pipe open", async () => {
  const child = start("echo $$; exec sleep 600");
  const stop = new AbortController();
  let text = "";
  await pumpOutput(child.stdout, (bytes) => {
    text += new TextDecoder().decode(bytes);
    stop.abort();
  }, stop.signal);
  equal(text, `${child.pid}\n`);
  child.kill("SIGKILL");
  await feedChild(child, undefined);
  await child.status;
});

Deno.test("readOutput() joins characters that lie across two reads, and feedChild() does not mind a deaf child", async () => {
  const odd = start("printf 'x'; for ((i = 0; i < 9000; i++)); do printf 'é€'; done");
  const deaf = start("exec <&-; sleep 0.05; echo over");
  const [text, , said] = await Promise.all([
    readOutput(odd.stdout),
    feedChild(odd, "unread"),
    readOutput(deaf.stdout),
    feedChild(deaf, "z".repeat(1_000_000)),
  ]);
  ok(text === "x" + "é€".repeat(9000), "characters were torn");
  equal(said, "over\n");
  await Promise.all([odd.status, deaf.status]);
});
