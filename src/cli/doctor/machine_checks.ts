/**
 * Checks of the machine: the programs, the terminal, and a session that really runs.
 *
 * @module
 */
import { LooopError, messageOf } from "../../base/errors.ts";
import type { Environment } from "../../profile/environment.ts";
import { findProgram } from "../../profile/find_program.ts";
import { selfCommand } from "../../profile/self.ts";
import { requireAgent } from "../../pulse/preflight.ts";
import type { Settings } from "../../pulse/beat_context.ts";
import { getSession } from "../../session/registry.ts";
import { startSession } from "../../session/start_session.ts";
import { waitForExit } from "../../session/wait_session.ts";
import { type Check, failure, fine, warning } from "./check.ts";

/** Time that the trial session may take, also on a machine that is busy. */
const TRIAL_LIMIT_MS = 20_000;

/** Checks that the configured agent program is there. */
export function checkAgent(settings: Settings, env: Environment): Check {
  const runner = settings.config.defaultRunner;
  try {
    requireAgent(settings, env);
    return fine("agent", `runner "${runner}" is there`);
  } catch (error) {
    const hint = error instanceof LooopError ? error.hint : "";
    return failure("agent", messageOf(error), hint);
  }
}

/** Checks the programs that looop calls. */
export function checkPrograms(env: Environment): readonly Check[] {
  const check = (
    name: string,
    without: (name: string, found: string, mend: string) => Check,
    mend: string,
  ) => {
    const path = findProgram(name, env);
    return path === undefined ? without(name, "is not on PATH", mend) : fine(name, path);
  };
  return [
    check("bash", failure, "install bash: runners and commands run by it"),
    check("git", warning, "install git to have a history of PLAYBOOK, goals, sensors and journal"),
    check(
      "tmux",
      warning,
      "install tmux to have a raised flag open a window; `looop ls` shows it anyway",
    ),
  ];
}

/** Starts a real session, so that terminal, supervisor, locks and pipes all prove themselves. */
export async function checkPty(env: Environment): Promise<Check> {
  const mend =
    "looop needs pseudo-terminals from the C library; see whether /dev/pts (Linux) is mounted";
  const sessionsDir = Deno.makeTempDirSync({ prefix: "looop-doctor-" });
  try {
    await startSession("doctor", {
      sessionsDir,
      supervisor: [...selfCommand(), "_supervise"],
      command: ["/bin/sh", "-c", "test -t 0 && test -t 1"],
      cwd: sessionsDir,
      env: { PATH: env("PATH") ?? "/usr/bin:/bin" },
    });
    const code = await waitForExit(sessionsDir, "doctor", TRIAL_LIMIT_MS);
    const { backend } = getSession(sessionsDir, "doctor").record;
    const found = `a trial session ran on a terminal (${backend})`;
    if (code === 0) {
      return backend === "libc" ? fine("pty", found) : warning("pty", found, await limits());
    }
    return failure(
      "pty",
      code === undefined ? "a trial session hangs" : `a trial session exited ${code}`,
      mend,
    );
  } catch (error) {
    return failure("pty", messageOf(error), mend);
  } finally {
    await removeSoon(sessionsDir);
  }
}

/** Says what sessions cannot do over script(1), which is all that this machine has. */
async function limits(): Promise<string> {
  const { NO_LIBC_LIMITS, SCRIPT_BACKEND_LIMITS } = await import("../../pty/script_backend.ts");
  const { hasLibc } = await import("../../libc/load.ts");
  return `sessions work with limits: ${
    [...SCRIPT_BACKEND_LIMITS, ...(hasLibc() ? [] : NO_LIBC_LIMITS)].join("; ")
  }`;
}

/** Removes the trial's folder; its supervisor may still be closing its files. */
async function removeSoon(dir: string): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    try {
      return Deno.removeSync(dir, { recursive: true });
    } catch {
      await new Promise((done) => setTimeout(done, 100)); // The next turn tries again.
    }
  }
}

/** Checks that this terminal can show what agents draw. */
export function checkTerminal(env: Environment, isTerminal: boolean): readonly Check[] {
  const term = env("TERM");
  const locale = env("LC_ALL") ?? env("LC_CTYPE") ?? env("LANG") ?? "C";
  return [
    !isTerminal
      ? fine("terminal", "none here; `attach` needs one")
      : term === undefined || term === "dumb"
      ? warning(
        "terminal",
        `TERM is ${term ?? "not set"}`,
        "use a terminal with TERM=xterm-256color to attach",
      )
      : fine("terminal", term),
    /utf-?8/i.test(locale) ? fine("locale", locale) : warning(
      "locale",
      `${locale} is no UTF-8 locale`,
      "export LANG=C.UTF-8, or agents may draw broken lines",
    ),
  ];
}
