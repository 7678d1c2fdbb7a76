import { deepEqual, equal, match, throws } from "node:assert/strict";
import { parseConfig } from "../../src/profile/config.ts";

function refusal(text: string): string {
  let message = "";
  throws(() => parseConfig(text, "/home/u/looop.json"), (error: unknown) => {
    message = (error as Error).message;
    return true;
  });
  return message;
}

Deno.test("parseConfig() reads comments, trailing commas and durations, and lays runners over the built-in ones", () => {
  const config = parseConfig(
    `{
      // the cadence
      "interval": 30, "busy_interval": "5s", "max_daily_usd": 2.5,
      "default": "mine",
      "runners": { "mine": { "tick": "x" }, "pi": { "interactive": "pi --mine" }, },
      "popup": "off",
    }`,
    "f",
  );
  deepEqual(config.knobs, { intervalMs: 30_000, busyIntervalMs: 5000, maxDailyUsd: 2.5 });
  equal(config.defaultRunner, "mine");
  equal(config.runners["pi"]!.interactive, "pi --mine");
  match(config.runners["pi"]!.tick!, /_fmt pi/);
  equal(config.popup, false);
  deepEqual(config.warnings, []);
});

Deno.test("parseConfig() names key, value, file, line and the remedy of a wrong value", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ['{\n"interval": 0}', /\/home\/u\/looop\.json:2: interval = 0: write a duration .* from 1s/],
    ['{\n\n"runners": {"pi": {"tick": 5}}}', /:3: runners\.pi\.tick = 5: write text in quotes/],
    ['{"gate": {"ask": ["ok", "("]}}', /:1: gate\.ask\.1 = "\(": is no regular expression/],
    ['{"default": "gpt"}', /:1: default = "gpt": no such runner; write one of pi, claude/],
    ['{"popup": "maybe"}', /:1: popup = "maybe": write one of "on", "off"/],
    ['{"max_daily_usd": "lots"}', /:1: max_daily_usd = "lots": write an amount in US dollars/],
    ['{"interval": [60]}', /:1: interval = \[60\]: write a number/],
    ['{\n"interval": 60\n"popup": "on"}', /:3: not JSON: expected "," before "popup"$/],
    ['{"interval": 60', /:1: not JSON: expected "}" at the end of the file$/],
    ["[]", /:1: not JSON: the file must hold one object/],
  ];
  for (const [text, expected] of table) match(refusal(text), expected, text);
});

Deno.test("parseConfig() passes over a byte-order mark at the start", () => {
  deepEqual(parseConfig('\uFEFF{"interval": 30}', "f").knobs, { intervalMs: 30_000 });
});

Deno.test("parseConfig() warns of unknown keys, with the line, and goes on", () => {
  const { warnings, knobs } = parseConfig(
    '{\n"intervall": 1,\n"runners": {"pi": {"tik": "x"}},\n"interval": 60, "__proto__": {"popup": 1}}',
    "f",
  );
  deepEqual(warnings.map((warning) => warning.replace("config f", "")), [
    ':3: unknown key "runners.pi.tik" is ignored',
    ':2: unknown key "intervall" is ignored',
    ':4: unknown key "__proto__" is ignored',
  ]);
  deepEqual(knobs, { intervalMs: 60_000 });
});

Deno.test("parseConfig() warns of a key that stands twice, with the later one's line, and takes the last", () => {
  const { warnings, knobs } = parseConfig(
    '{\n"interval": 1,\n// once more\n"interval": 60,\n"runners": {"pi": {"tick": "x",\n"tick": "y"}, "b": {"tick": "z"}}}',
    "f",
  );
  deepEqual(warnings, [
    'config f:4: key "interval" stands twice; the last one holds',
    'config f:6: key "runners.pi.tick" stands twice; the last one holds',
  ]);
  deepEqual(knobs, { intervalMs: 60_000 });
});
