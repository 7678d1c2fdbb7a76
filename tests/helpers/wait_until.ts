/**
 * Waits for the world to be as a test expects.
 *
 * @module
 */

/**
 * Looks again and again until a claim holds.
 *
 * @param look Returns what was seen, for the failure; and whether it will do.
 */
export async function waitUntil(
  claim: string,
  look: () => Promise<readonly [holds: boolean, seen: unknown]>,
  limitMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const [holds, seen] = await look();
    if (holds) return;
    if (performance.now() > deadline) {
      throw new Error(`not within ${limitMs} ms: ${claim}; seen: ${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
