/**
 * `looop doctor`: what a first run needs, whether it is there, and how to mend it.
 *
 * @module
 */
import { ExitCode } from "../../base/errors.ts";
import type { CliContext } from "../context.ts";
import { jsonFlag } from "../params.ts";
import { defineVerb } from "../verb.ts";

type Flags = { readonly json: boolean };

export const doctor = defineVerb<Flags, []>({
  name: "doctor",
  group: "setup",
  brief: "Check what a first run needs and say how to mend it",
  detail:
    "Checks the agent program, a trial session on a real terminal, bash, git, tmux, config, " +
    "gate, data dir, disk, terminal and locale. Exits 1 when something keeps looop from working.",
  example: "looop doctor",
  parameters: { flags: { json: jsonFlag } },
  run: examine,
});

async function examine(this: CliContext, { json }: Flags): Promise<void> {
  const [machine, onProfile, { openProfile }, { failure }, { messageOf }] = await Promise.all([
    import("../doctor/machine_checks.ts"),
    import("../doctor/profile_checks.ts"),
    import("../../profile/profile.ts"),
    import("../doctor/check.ts"),
    import("../../base/errors.ts"),
  ]);
  const ofProfile = async () => {
    try {
      const profile = openProfile(this.env);
      const { checks, settings } = onProfile.checkConfig(profile, this.env);
      return [
        ...(settings ? [machine.checkAgent(settings, this.env)] : []),
        ...checks,
        ...(settings ? [await onProfile.checkGate(profile, settings, this.env)] : []),
        ...onProfile.checkDataDir(profile),
        onProfile.checkDisk(profile),
      ];
    } catch (error) {
      return [failure("profile", messageOf(error), "set HOME or LOOOP_DATA_DIR")];
    }
  };
  const checks = [
    ...await ofProfile(),
    await machine.checkPty(this.env),
    ...machine.checkPrograms(this.env),
    ...machine.checkTerminal(this.env, this.stdoutIsTerminal),
  ];
  if (checks.some(({ state }) => state === "fail")) this.exitCode = ExitCode.failed;
  if (json) return this.print((await import("../json_text.ts")).jsonText(checks));
  const [{ paintWith, wantsColour }, { foldLine }] = await Promise.all([
    import("../style.ts"),
    import("../../base/plain_text.ts"),
  ]);
  const paint = paintWith(wantsColour(this));
  const look = {
    ok: paint.green("✓ ok  "),
    warn: paint.yellow("! warn"),
    fail: paint.red("✗ fail"),
  } as const;
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, state, found, mend } of checks) {
    this.print(`${look[state]}  ${name.padEnd(width)}  ${foldLine(found)}\n`);
    if (mend !== "") this.print(`${" ".repeat(width + 10)}${paint.cyan("→")} ${foldLine(mend)}\n`);
  }
}
