import { equal } from "node:assert/strict";
import { LogText } from "../../src/session/log_text.ts";
import { TextMatcher } from "../../src/session/match_worker.ts";
import { toPlainText } from "../../src/session/plain_text.ts";
import { recordedOutputs, splitRandomly } from "../helpers/split_randomly.ts";

Deno.test("LogText finds the byte that completes a text, for any split", () => {
  for (const { name, bytes } of recordedOutputs()) {
    const part = bytes.subarray(0, 3000);
    const whole = toPlainText(part);
    for (const longest of [1, 50, 5000]) {
      const log = new LogText(false);
      let offset = 100;
      for (const piece of splitRandomly(part, longest, longest)) {
        log.push(offset, piece);
        offset += piece.length;
      }
      for (let end = 1; end < whole.length; end += 37) {
        const at = log.offsetOf(end) - 100;
        const [before, upTo] = [at - 1, at].map((length) =>
          new LogText(false).push(0, part.slice(0, length))
        );
        equal(upTo!.length >= end && before!.length < end, true, `${name}, ${longest}, ${end}`);
      }
    }
  }
});

Deno.test("TextMatcher matches across pieces, at line starts, and long after the beginning", async () => {
  using matcher = new TextMatcher("^wo(\\w+)(x)?$\\nnext");
  let length = 0;
  for (let i = 0; i < 40; i++) {
    const text = "no word here\n".repeat(1000);
    equal(await matcher.push(text), undefined);
    length += text.length;
  }
  equal(await matcher.push("wor"), undefined);
  equal(await matcher.push("ld\nne"), undefined);
  const match = await matcher.push("xt\n");
  equal(match?.text, "world\nnext");
  equal(match?.end, length + "world\nnext".length);
  equal(JSON.stringify(match?.groups), '["rld",null]');
});
