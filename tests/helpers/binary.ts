/**
 * The compiled binary under test, where this run has one.
 *
 * @module
 */

/** Path of the binary that `tests/run.ts` built; undefined where none could be built. */
export const TEST_BINARY: string | undefined = Deno.env.get("LOOOP_TEST_BINARY") || undefined;

/** Defines a test of the compiled binary; skipped, and named so, where there is none. */
export function testBinary(name: string, body: (binary: string) => Promise<void>): void {
  Deno.test({
    name: TEST_BINARY === undefined ? `${name} (needs the compile toolchain)` : name,
    ignore: TEST_BINARY === undefined,
    fn: () => body(TEST_BINARY!),
  });
}
