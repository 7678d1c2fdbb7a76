/**
 * Runs a module in a process of its own and kills it, without a warning, in the middle of its work.
 *
 * @module
 */

/**
 * Runs a module until it has printed `lines` lines and `extraMs` more, then kills it with SIGKILL.
 *
 * @returns Every whole line that it printed.
 */
export async function runAndKill(
  module: string,
  args: readonly string[],
  when: { readonly lines: number; readonly extraMs: number },
): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", module, ...args],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let said = "";
  let isKilled = false;
  const deadline = setTimeout(() => child.kill("SIGKILL"), 60_000);
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    if (isKilled || said.split("\n").length <= when.lines) continue;
    isKilled = true;
    const killAt = performance.now() + when.extraMs;
    // Finer than a timer: the point in the child's work is what varies.
    while (performance.now() < killAt);
    child.kill("SIGKILL");
  }
  clearTimeout(deadline);
  await child.status;
  const complaint = await stderr;
  if (complaint !== "" || !isKilled) throw new Error(`the child ended by itself: ${complaint}`);
  return said.split("\n").slice(0, -1);
}
