/**
 * Finds the keys that leave an attached terminal (Ctrl-\ twice) among everything that is typed.
 *
 * @module
 */

/**
 * Ctrl-\ in every form in which a terminal may send it: the plain code, and those of programs that
 * asked for modified keys (xterm's modifyOtherKeys, the CSI u form).
 */
const CTRL_BACKSLASH = /\x1c|\x1b\[27;5;92~|\x1b\[92;5(?::1)?u/g;
/** The release of a key, where a program asked to be told of it; belongs to neither press. */
const RELEASE = /^(?:\x1b\[\d+(?:;\d+)?:3u)+$/;

/** What is to be done with typed bytes. */
export interface Typed {
  /** What goes to the program now. */
  readonly pass: string;
  readonly isLeaving: boolean;
}

/** Looks at what is typed, piece by piece; bytes are characters of the same number. */
export class DetachKeys {
  #held = "";

  /** Whether one Ctrl-\ is held back until it is clear what follows. */
  get isHolding(): boolean {
    return this.#held !== "";
  }

  /** Takes typed bytes. */
  push(typed: string): Typed {
    let pass = "";
    let at = 0;
    for (const { 0: press, index } of typed.matchAll(CTRL_BACKSLASH)) {
      const between = typed.slice(at, index);
      at = index + press.length;
      if (this.isHolding && (between === "" || RELEASE.test(between))) {
        return { pass, isLeaving: true };
      }
      pass += this.release() + between;
      this.#held = press;
    }
    const rest = typed.slice(at);
    if (rest === "") return { pass, isLeaving: false };
    if (this.isHolding && RELEASE.test(rest)) this.#held += rest;
    else pass += this.release() + rest;
    return { pass, isLeaving: false };
  }

  /** Gives up what is held back: nothing followed it in time. */
  release(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }
}
