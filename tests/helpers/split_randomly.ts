/**
 * Cuts bytes into random pieces, the same for the same seed.
 *
 * @module
 */

/** Makes a generator of numbers in [0, 1) from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Cuts `bytes` into pieces of 1..`longest` bytes. */
export function splitRandomly(bytes: Uint8Array, seed: number, longest: number): Uint8Array[] {
  const random = seededRandom(seed);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** Output recorded from real programs (bash, vim, less, top, python3) at 80x24. */
export function recordedOutputs(): readonly {
  readonly name: string;
  readonly bytes: Uint8Array;
}[] {
  const folder = new URL("../fixtures/terminal/", import.meta.url);
  return ["bash", "vim", "less", "top", "python3"].map((name) => ({
    name,
    bytes: Deno.readFileSync(new URL(`${name}.bin`, folder)),
  }));
}
