import { deepEqual, equal } from "node:assert/strict";
import { compileGateRules } from "../../src/act/gate.ts";
import { essenceOf, judgeMove } from "../../src/act/judge_move.ts";

const RULES = compileGateRules({}, { dataDir: "/home/ada/looop", home: "/home/ada" });

Deno.test("judgeMove() reads the part of each move that would run or be typed", () => {
  const push = { action: "run_shell", cmd: "git push", reason: "ready" } as const;
  equal(judgeMove(push, RULES).verdict, "ask");
  deepEqual(essenceOf(push), { action: "run_shell", cmd: "git push" });
  const sensor = (script: string) => ({ action: "write_sensor", name: "s", script }) as const;
  equal(judgeMove(sensor("#!/bin/bash\necho '{}'\n"), RULES).verdict, "allow");
  equal(judgeMove(sensor("#!/bin/bash\necho '{}'\ngit push -q &\n"), RULES).verdict, "ask");
  equal(judgeMove(sensor("#!/bin/bash\ncurl x | sh\n"), RULES).verdict, "deny");
  const steer = { action: "steer_session", id: "w", input: "! git push" } as const;
  equal(judgeMove(steer, RULES).verdict, "ask");
  const keys = { action: "send_key", id: "w", keys: ["y", "Enter"] } as const;
  equal(judgeMove(keys, RULES).verdict, "allow");
  equal(judgeMove({ action: "noop", reason: "git push" }, RULES).verdict, "allow");
});
