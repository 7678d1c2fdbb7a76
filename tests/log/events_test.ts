import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { appendEvent, makeEvent, readEvents } from "../../src/log/events.ts";

Deno.test("events keep their shape, survive a torn line, stay bounded, and never throw", () => {
  const dir = Deno.makeTempDirSync({ prefix: "looop-events-" });
  const path = join(dir, "events.jsonl");
  const now = new Date(Date.UTC(2026, 10, 20, 22, 0, 0));
  const event = makeEvent("failed", "the runner exited with 1", {
    level: "error",
    now,
    fields: { run: "r1", msg: "not this one" },
  });
  equal(
    JSON.stringify(event),
    '{"ts":"2026-11-20T22:00:00.000Z","level":"error","event":"failed",' +
      '"msg":"the runner exited with 1","run":"r1"}',
  );
  ok(appendEvent(path, event));
  Deno.writeTextFileSync(path, '{"ts":"2026', { append: true });
  ok(appendEvent(path, makeEvent("acted", "done", { now, fields: { big: "x".repeat(1e5) } })));
  deepEqual(readEvents(path, 5).map(({ event, is_cut }) => [event, is_cut]), [
    ["failed", undefined],
    ["acted", true],
  ]);
  for (let n = 0; n < 300; n++) {
    appendEvent(path, makeEvent("unchanged", `${n}`, { now }), { limitBytes: 4000 });
    ok(Deno.statSync(path).size < 6000);
  }
  deepEqual(readEvents(path, 2).map(({ msg }) => msg), ["298", "299"]);
  equal(appendEvent(join(dir, "no/such/folder"), event), false);
  Deno.removeSync(dir, { recursive: true });
});
