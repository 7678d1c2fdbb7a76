/**
 * Puts a terminal into raw mode and back, whatever happens to this process.
 *
 * @module
 */
import { RESET_TERMINAL } from "./render_ansi.ts";
import { writeAllSync } from "../base/write_all.ts";

/**
 * Waits for its standard input to close, which means that this process was killed, and then gives
 * the terminal its settings and its modes back. The signals of the terminal are
 * ignored: without that, a background process may not change its settings (SIGTTOU, tcsetattr(3)).
 */
const WATCHER = `trap '' HUP INT QUIT TERM TTOU TTIN TSTP
saved=$(stty -g </dev/tty) || exit 0
echo ready
read -r line || { stty "$saved" </dev/tty; printf '%s' "$1" >/dev/tty; }`;

/** What the program showed stays above; what comes next begins on a line of its own. */
const LEAVE_TERMINAL = `${RESET_TERMINAL}\x1b[999;1H\r\n`;

/** A terminal in raw mode; `restore()` is safe to call again and from a signal's listener. */
export interface RawTerminal {
  restore(): void;
}

/**
 * Puts standard input into raw mode. A small shell process beside this one restores it even when
 * this one is killed without a chance to do so.
 */
export async function enterRawMode(): Promise<RawTerminal> {
  const watcher = await startWatcher();
  Deno.stdin.setRaw(true);
  let isRaw = true;
  return {
    restore() {
      if (!isRaw) return;
      isRaw = false;
      try {
        writeAllSync(
          Deno.stdout as unknown as Deno.FsFile,
          new TextEncoder().encode(LEAVE_TERMINAL),
        );
        Deno.stdin.setRaw(false);
      } catch {
        // The terminal is gone: nothing is left to restore.
      }
      watcher?.dismiss();
    },
  };
}

async function startWatcher(): Promise<{ dismiss(): void } | undefined> {
  try {
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", WATCHER, "sh", LEAVE_TERMINAL],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    // Settings are saved before raw mode is entered.
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    return {
      dismiss() {
        try {
          child.kill("SIGKILL"); // At once: our own end must not look like a crash to it.
        } catch {
          // It has ended already.
        }
      },
    };
  } catch {
    return undefined; // Without a shell the terminal is restored in all cases but SIGKILL.
  }
}
