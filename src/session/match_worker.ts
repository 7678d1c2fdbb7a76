/**
 * Matches a regular expression on a thread of its own, so that one that never comes to an end can
 * be given up at its timeout.
 *
 * @module
 */

/** Text that was seen before stays in reach of a match up to this many characters. */
export const CONTEXT_LENGTH = 64 * 1024;

/** Where in all the text a match lies, and what it matched. */
export interface TextMatch {
  /** Position behind the match, counted from the first text given. */
  readonly end: number;
  readonly text: string;
  readonly groups: readonly (string | null)[];
}

/**
 * The thread's program. A data: URL, because it needs no file beside it when looop is one binary.
 * It searches the new text and its context alone: each character is looked at a few times, however
 * long the log. `lastIndex` instead of a slice lets `^`, `\b` and look-behind see what stands before.
 */
const PROGRAM = `
let pattern, kept = "", start = 0;
self.onmessage = ({ data }) => {
  if (data.source !== undefined) { pattern = new RegExp(data.source, "gmu"); return; }
  if (data.isFresh) { kept = ""; start = 0; }
  const context = Math.max(0, kept.length - ${CONTEXT_LENGTH});
  const from = context === 0 ? 0 : kept.indexOf("\\n", context) + 1 || context;
  if (from > ${CONTEXT_LENGTH}) {
    kept = kept.slice(from - 1); start += from - 1;
    kept += data.text; pattern.lastIndex = 1;
  } else { kept += data.text; pattern.lastIndex = from; }
  const match = pattern.exec(kept);
  self.postMessage(match === null ? null : {
    end: start + match.index + match[0].length,
    text: match[0],
    groups: match.slice(1).map((group) => group ?? null),
  });
};
self.postMessage(null);
`;

/** A search that goes on as more text comes. */
export class TextMatcher implements Disposable {
  readonly #worker: Worker;
  #isUp: Promise<unknown>;

  /** @param source A regular expression that is known to be valid; flags m and u. */
  constructor(source: string) {
    this.#worker = new Worker("data:application/javascript," + encodeURIComponent(PROGRAM), {
      type: "module",
    });
    this.#isUp = this.#answer();
    this.#worker.postMessage({ source });
  }

  /** Adds text and looks for the first match that it makes possible. */
  push(text: string): Promise<TextMatch | undefined> {
    return this.#ask({ text });
  }

  /** Forgets all text before and looks at this one alone. */
  matchWhole(text: string): Promise<TextMatch | undefined> {
    return this.#ask({ text, isFresh: true });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  async #ask(question: Readonly<Record<string, unknown>>): Promise<TextMatch | undefined> {
    await this.#isUp;
    const answer = this.#answer();
    this.#isUp = answer;
    this.#worker.postMessage(question);
    return await answer ?? undefined;
  }

  #answer(): Promise<TextMatch | null> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<TextMatch | null>) => resolve(data);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
  }
}
