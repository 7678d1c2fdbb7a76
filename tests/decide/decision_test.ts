import { equal, match, throws } from "node:assert/strict";
import { parseDecision, RefusedDecision } from "../../src/decide/decision.ts";

function refusal(text: string): string {
  let message = "";
  throws(() => parseDecision(text), (error: unknown) => {
    message = (error as Error).message;
    return error instanceof RefusedDecision;
  });
  return message;
}

Deno.test("parseDecision() takes each action with its fields", () => {
  const good = [
    { action: "noop", reason: "calm" },
    { action: "run_shell", cmd: "ls", reason: "look", next_interval_s: 5, journal: "x" },
    { action: "write_goal", id: "a.b-c_1", body: "goal: x" },
    { action: "archive_goal", id: "a" },
    { action: "write_sensor", name: "gh", script: "echo 1" },
    { action: "write_playbook", body: "p" },
    { action: "send_notification", message: "hello" },
  ];
  for (const decision of good) {
    equal(parseDecision(JSON.stringify(decision)).action, decision.action);
  }
});

Deno.test("parseDecision() passes over a byte-order mark at the start", () => {
  equal(parseDecision('\uFEFF{"action":"noop","reason":"calm"}').action, "noop");
});

Deno.test("parseDecision() refuses what is not exactly one object, and names the field that is wrong", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["", /exactly one JSON object/],
    ['{"action":"noop","reason":"a"}{"action":"noop","reason":"b"}', /exactly one JSON object/],
    ['Here you are: {"action":"noop","reason":"a"}', /exactly one JSON object/],
    ['```json\n{"action":"noop","reason":"a"}\n```', /exactly one JSON object/],
    ['[{"action":"noop","reason":"a"}]', /not a list/],
    ["null", /not null/],
    ["{}", /"action" is missing.*noop/],
    ['{"action":"sudo"}', /"action" "sudo" is unknown/],
    ['{"action":"__proto__"}', /is unknown/],
    ['{"action":"toString"}', /is unknown/],
    ['{"action":7}', /"action" 7 is unknown/],
    ['{"action":"noop"}', /"reason" of noop is missing/],
    ['{"action":"noop","reason":5}', /"reason" of noop must be a string/],
    ['{"action":"run_shell","cmd":"","reason":"x"}', /"cmd" of run_shell must not be empty/],
    ['{"action":"write_goal","id":"../x","body":"b"}', /"id" of write_goal must be 1 to 64/],
    ['{"action":"write_goal","id":".hidden","body":"b"}', /"id" of write_goal/],
    ['{"action":"write_goal","id":"a/b","body":"b"}', /"id" of write_goal/],
    ['{"action":"write_goal","id":"a\\n","body":"b"}', /"id" of write_goal/],
    [`{"action":"write_goal","id":"${"a".repeat(65)}","body":"b"}`, /"id" of write_goal/],
    [
      '{"action":"noop","reason":"x","next_interval_s":"soon"}',
      /"next_interval_s" of noop must be a number/,
    ],
    ['{"action":"noop","action":"archive_goal","id":"a","reason":"x"}', /"action" stands twice/],
    ['{"action":"noop","reason":"x","r\\u0065ason":"y"}', /"reason" stands twice .* write it once/],
    [
      `{"action":"noop","reason":"x","y":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
      /nested too deeply; write one flat/,
    ],
    ['{"action":"noop","reason":"x","__proto__":1,"__proto__":2}', /"__proto__" stands twice/],
    ['{"action":"noop","reason":"x","journal":[]}', /"journal" of noop must be a string/],
  ];
  for (const [text, expected] of table) match(refusal(text), expected, text);
});
