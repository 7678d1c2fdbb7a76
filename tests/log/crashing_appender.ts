/**
 * A process that appends until it is killed; it says which lines are on disk. Started by tests only.
 *
 *     deno run -A crashing_appender.ts journal|ledger FOLDER NAME
 */
import { join } from "node:path";
import { appendJournal } from "../../src/log/journal.ts";
import { recordCost } from "../../src/log/cost_ledger.ts";

const [kind, folder = ".", name = "a", first = "0"] = Deno.args;
const encoder = new TextEncoder();
const paths = { journal: join(folder, "journal.md"), journalDir: join(folder, "journal") };

for (let number = Number(first);; number++) {
  const text = `${name}-${number}`;
  // Each append is another month, so that every one of them rotates; now and then the clock jumps back.
  const month = number % 7 === 6 ? number - 2 : number;
  if (kind === "journal") appendJournal(paths, text, new Date(2000, month, 3, 4, 5));
  else {
    recordCost(join(folder, "cost.jsonl"), {
      kind: "tick",
      id: text,
      runner: name,
      costUsd: 0.000001 * (1 + number % 5),
    }, { now: new Date(2026, 0, 1 + number % 9, 12), limitBytes: 6000 });
  }
  Deno.stdout.writeSync(encoder.encode(`${number}\n`));
}
