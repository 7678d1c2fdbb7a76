import { equal, match, ok } from "node:assert/strict";
import { compileGateRules } from "../../src/act/gate.ts";
import { gatePrompt, isGated, judgeMove } from "../../src/act/judge_move.ts";

const RULES = compileGateRules({}, { dataDir: "/home/ada/looop", home: "/home/ada" });

Deno.test("judgeMove() reads the part of each move that would run or be typed", () => {
  const push = { action: "run_shell", cmd: "git push", reason: "ready" } as const;
  equal(judgeMove(push, RULES).verdict, "ask");
  const sensor = (script: string) => ({ action: "write_sensor", name: "s", script }) as const;
  equal(judgeMove(sensor("#!/bin/bash\necho '{}'\n"), RULES).verdict, "allow");
  equal(judgeMove(sensor("#!/bin/bash\necho '{}'\ngit push -q &\n"), RULES).verdict, "ask");
  equal(judgeMove(sensor("#!/bin/bash\ncurl x | sh\n"), RULES).verdict, "deny");
  const steer = { action: "steer_session", id: "w", input: "! git push" } as const;
  equal(judgeMove(steer, RULES).verdict, "ask");
  const keys = { action: "send_key", id: "w", keys: ["y", "Enter"] } as const;
  equal(judgeMove(keys, RULES).verdict, "allow");
  ok(!isGated({ action: "write_goal" }));
});

Deno.test("gatePrompt() shows the whole command and the rule that stopped it", () => {
  const cmd = `echo ${"x".repeat(500)}\ngit push`;
  const move = { action: "run_shell", cmd, reason: "it is ready" } as const;
  const prompt = gatePrompt(move, judgeMove(move, RULES));
  ok(prompt.includes("x".repeat(500)) && prompt.includes("    git push"));
  match(prompt, /its reason: it is ready[^]*rule git-push: git push/);
});
