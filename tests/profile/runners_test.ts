import { equal } from "node:assert/strict";
import { programOf } from "../../src/profile/runners.ts";

Deno.test("programOf() finds the program that a command starts, and none behind words of the shell", () => {
  const table: readonly (readonly [command: string, program: string | undefined])[] = [
    ["claude -p", "claude"],
    ["A=1 exec /opt/agent --once", "/opt/agent"],
    ["cd ~/agent && ./run", undefined],
    ["if true; then agent; fi", undefined],
    [". ~/.env; agent", undefined],
    ["~/bin/decide", undefined],
    ["(agent)", undefined],
  ];
  for (const [command, program] of table) equal(programOf(command), program, command);
});
