/**
 * Has a screen catch up with a log that is all there. Prints MB/s.
 *
 * @module
 */
import { createScreenKeeper } from "../../../src/session/screen_keeper.ts";

const [path = ""] = Deno.args;
const file = Deno.openSync(path);
const { size } = file.statSync();
const keeper = createScreenKeeper({
  size: { cols: 120, rows: 40 },
  startOffset: 0,
  logEnd: () => size,
  readLog(offset, into) {
    file.seekSync(offset, Deno.SeekMode.Start);
    return file.readSync(into) ?? 0;
  },
  answer() {},
});
const start = performance.now();
await keeper.passed(size);
console.log(size / 1000 / (performance.now() - start));
keeper.dispose();
Deno.exit(0);
