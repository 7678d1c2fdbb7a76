/**
 * Cuts many texts to one budget, fairly: what is small stays whole, what is large shares the rest
 * alike, and where even that is too little the turn goes round, so that no text is always the one cut.
 *
 * @module
 */

/** A text with its name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A text that may have been cut. */
export interface CutText extends NamedText {
  /** Characters that were left out; 0 when it is whole. */
  readonly cut: number;
}

/** Below this a share says too little; then only some texts get their turn in full. */
const LEAST_SHARE = 400;

/**
 * Cuts texts so that together they hold at most `budget` characters.
 *
 * @param turn Counts up from beat to beat; moves the place where the round starts.
 * @returns All texts in their order; one without a turn keeps its first line at most.
 */
export function cutFairly(
  texts: readonly NamedText[],
  budget: number,
  turn: number,
): readonly CutText[] {
  const total = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= budget) return texts.map((named) => ({ ...named, cut: 0 }));
  const share = fairShare(texts.map(({ text }) => text.length), budget);
  if (share >= LEAST_SHARE) return texts.map((named) => cutTo(named, share));
  return cutInTurn(texts, budget, turn);
}

/** Finds the largest share such that texts cut to it fit the budget. */
function fairShare(lengths: readonly number[], budget: number): number {
  let rest = budget;
  let count = lengths.length;
  for (const length of [...lengths].sort((a, b) => a - b)) {
    if (length * count > rest) break;
    rest -= length;
    count--;
  }
  return Math.floor(rest / Math.max(1, count));
}

function cutInTurn(texts: readonly NamedText[], budget: number, turn: number): readonly CutText[] {
  const title = Math.max(0, Math.min(80, Math.floor(budget / (2 * texts.length))));
  let rest = budget - title * texts.length;
  const seats = Math.max(1, Math.floor(rest / LEAST_SHARE));
  const result = texts.map((named) => cutTo(firstLine(named), title, named.text.length));
  for (let seat = 0; seat < Math.min(seats, texts.length); seat++) {
    const index = (turn * seats + seat) % texts.length;
    const chosen = cutTo(texts[index]!, Math.min(rest, LEAST_SHARE));
    rest -= chosen.text.length;
    result[index] = chosen;
  }
  return result;
}

function firstLine({ name, text }: NamedText): NamedText {
  const goal = /^goal:.*$/m.exec(text)?.[0] ?? text.split("\n", 1)[0]!;
  return { name, text: goal };
}

function cutTo(named: NamedText, length: number, whole = named.text.length): CutText {
  // A pair of surrogates is not torn: the half would not survive the way through UTF-8.
  let end = Math.min(length, named.text.length);
  if (/[\ud800-\udbff]/.test(named.text[end - 1] ?? "") && end < named.text.length) end--;
  const text = named.text.slice(0, end);
  return { name: named.name, text, cut: whole - text.length };
}
