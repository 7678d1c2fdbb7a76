/**
 * Splits the bytes of a journal file by month, losing none.
 *
 * @module
 */

const NEWLINE = 10;
/** `- YYYY-MM-DD HH:MM`, of which the month is bytes 2 to 9. */
const ENTRY_START = /^- (\d{4}-(?:0[1-9]|1[0-2]))-\d\d \d\d:\d\d/;
const ENTRY_START_BYTES = 18;

/** What stays in a journal file and what belongs to earlier months. */
export interface SplitJournal {
  readonly kept: Uint8Array;
  /** By month, `YYYY-MM`, in the order in which the months first appear. */
  readonly moved: ReadonlyMap<string, Uint8Array>;
}

/**
 * Splits a journal at a month.
 *
 * A line that is no entry goes with the entry before it; what stands before the first entry (a
 * title, say) stays. Entries of `month` and later stay too: a clock that jumped does not move them.
 *
 * @param month The first month to keep, `YYYY-MM`.
 */
export function splitJournal(bytes: Uint8Array, month: string): SplitJournal {
  const kept: Uint8Array[] = [];
  const moved = new Map<string, Uint8Array[]>();
  let target = kept;
  let runStart = 0;
  let lineStart = 0;
  while (lineStart < bytes.length) {
    const entryMonth = monthOfLine(bytes.subarray(lineStart, lineStart + ENTRY_START_BYTES));
    if (entryMonth !== undefined) {
      let next = kept;
      if (entryMonth < month) {
        next = moved.get(entryMonth) ?? [];
        moved.set(entryMonth, next);
      }
      if (next !== target) {
        target.push(bytes.subarray(runStart, lineStart));
        target = next;
        runStart = lineStart;
      }
    }
    const stop = bytes.indexOf(NEWLINE, lineStart);
    lineStart = stop < 0 ? bytes.length : stop + 1;
  }
  target.push(bytes.subarray(runStart));
  return {
    kept: joinLines(kept),
    moved: new Map([...moved].map(([key, runs]) => [key, joinLines(runs)])),
  };
}

/** Returns the month of an entry, or undefined where the line has another form. */
export function monthOfLine(line: Uint8Array | string): string | undefined {
  if (typeof line === "string") return ENTRY_START.exec(line)?.[1];
  if (line[0] !== 45 || line[1] !== 32) return undefined; // most prose is told apart by two bytes
  return ENTRY_START.exec(new TextDecoder().decode(line))?.[1];
}

/** Joins runs of whole lines; only the last line of a file may lack its end, which it gets here. */
function joinLines(runs: readonly Uint8Array[]): Uint8Array {
  const filled = runs.filter((run) => run.length > 0);
  const lacksEnd = filled.map((run) => run.at(-1) !== NEWLINE);
  const total = filled.reduce((sum, run) => sum + run.length, 0);
  const all = new Uint8Array(total + lacksEnd.filter(Boolean).length);
  let at = 0;
  filled.forEach((run, index) => {
    all.set(run, at);
    at += run.length;
    if (lacksEnd[index]) all[at++] = NEWLINE;
  });
  return all;
}
