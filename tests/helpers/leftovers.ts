/**
 * Finds processes that a test run left behind, by the run's own scratch folder in their environment
 * or command line: nothing else on the machine carries that name.
 *
 * @module
 */

/** A process that should have ended. */
export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/**
 * Looks for processes of a run, giving those that are just ending up to five seconds.
 *
 * @param scratch The run's scratch folder.
 */
export async function findLeftovers(scratch: string): Promise<readonly Leftover[]> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const found = listProcesses().filter(({ words, pid }) =>
      pid !== Deno.pid && words.includes(scratch)
    );
    if (found.length === 0 || performance.now() > deadline) return found;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function listProcesses(): readonly (Leftover & { readonly words: string })[] {
  const { stdout } = new Deno.Command("ps", {
    // `e` shows the environment behind the command, on Linux and macOS alike.
    args: ["axeww", "-o", "pid=,command="],
  }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const [, pid, words = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), words, command: words.slice(0, 200) }];
  });
}
