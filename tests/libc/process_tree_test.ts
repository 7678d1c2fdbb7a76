import { equal, ok } from "node:assert/strict";
import { endTree, findTree } from "../../src/libc/process_tree.ts";

Deno.test("findTree() finds by descent and by mark, and leaves alone what carries the exempt variable", async () => {
  const mark = `LOOOP_TEST_MARK=${crypto.randomUUID()}`;
  const [name, value] = mark.split("=") as [string, string];
  const script = "sleep 906 & (EXEMPT_TEST=1 sleep 907 &) ; wait; sleep 908";
  const child = new Deno.Command("bash", { args: ["-c", script], env: { [name]: value } }).spawn();
  const deadline = performance.now() + 10_000;
  while (findTree({ mark }).length < 3) {
    ok(performance.now() < deadline, `only ${findTree({ mark })}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const below = findTree({ below: child.pid });
  ok(below.length >= 1 && !below.includes(child.pid));
  const spared = findTree({ mark, exceptVariable: "EXEMPT_TEST" });
  equal(spared.length, 2);
  equal(await endTree({ mark }, { graceMs: 2000, limitMs: 4000 }), true);
  await child.status;
  equal(findTree({ mark }).length, 0);
});
