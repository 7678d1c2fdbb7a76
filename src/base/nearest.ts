/**
 * "Did you mean": the known word that is nearest to a mistyped one.
 *
 * @module
 */

/**
 * Finds the known word that was most likely meant: one that begins like it, else the one with the
 * fewest slips (a letter more, less, other, or two swapped), of which a third of its letters may be.
 *
 * @returns The word, or undefined where none is near enough to be meant.
 */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  const begun = word.length > 1 ? known.filter((candidate) => candidate.startsWith(word)) : [];
  if (begun.length > 0) return begun.reduce((a, b) => b.length < a.length ? b : a);
  const limit = Math.max(1, Math.floor(lettersIn(word) / 3));
  const [best] = known
    .map((candidate) => ({ candidate, slips: countSlips(word, candidate) }))
    .concat(
      known.flatMap(firstWordOf).map(({ candidate, first }) => ({
        candidate,
        slips: countSlips(word, first),
      })),
    )
    .filter(({ slips }) => slips <= limit && slips < lettersIn(word))
    .sort((a, b) => a.slips - b.slips);
  return best?.candidate;
}

/** Dashes in front of a flag are no letters that could be mistyped. */
function lettersIn(word: string): number {
  return word.replace(/^-+/, "").length;
}

/** Of a name of several words people remember the first. */
function firstWordOf(candidate: string): { candidate: string; first: string }[] {
  const [first = "", second] = candidate.split("-");
  return first === "" || second === undefined ? [] : [{ candidate, first }];
}

/** Counts the slips between two words (optimal string alignment distance). */
function countSlips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, beforeLast[j - 2]! + 1);
      }
      row.push(slips);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
