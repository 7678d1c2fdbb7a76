/**
 * Types text and keys into a session so that they really arrive: as one paste where the program
 * takes pastes, with Enter on its own once the program has dealt with the text.
 *
 * @module
 */
import { join } from "node:path";
import { writeFileAtomic } from "../base/atomic_file.ts";
import { LooopError, messageOf, TimeoutError } from "../base/errors.ts";
import { request } from "./channel.ts";
import { encodeKey } from "./keys.ts";
import { askForScreen } from "./read_screen.ts";
import { linesOf, parseModes, type ScreenModes } from "./screen_snapshot.ts";
import { subscribe } from "./subscription.ts";

/** A screen that has changed and then rests this long has taken the text. */
const STILL_MS = 100;
/** Enter comes after this whatever the screen shows. */
const PATIENCE_MS = 1000;
/** How long a key may take to show an effect before it counts as without one. */
const KEY_PATIENCE_MS = 300;
/** A program waits this long for the rest of a sequence before it takes an Esc as the key. */
const ESCAPE_PAUSE_MS = 120;
/** Of longer text its end is looked for. */
const NEEDLE_LENGTH = 60;
/** More than this, in base64, would not fit into one request. */
const INLINE_BYTES = 128;
/** Beyond the input's own timeout, for the supervisor to answer. */
const ANSWER_MS = 5000;

/** What typing came to. */
export interface TypedInput {
  /** Bytes that the program took, with the marks of a paste and Enter. */
  readonly bytes: number;
  /** The log's end when the last of it was typed: what the program says to it comes behind. */
  readonly offset: number;
  /** Whether the screen showed the text or changed because of it. */
  readonly isSeen: boolean;
}

/** The program does not read what is typed: exit code 124. */
export class InputNotRead extends TimeoutError {
  /** @param taken Bytes that it took. */
  constructor(
    readonly taken: number,
    left: number,
    readonly offset: number,
  ) {
    super(
      `the program does not read its input: it took ${taken} bytes, ${left} are left`,
      "see what it is doing with `looop shot`, or give it longer with --timeout",
    );
  }
}

/** How to type. */
export interface TypeOptions {
  readonly timeoutMs: number;
}

/**
 * Types text, and Enter behind it if wanted.
 *
 * @throws {InputNotRead} When the program does not read it in time (exit code 124).
 * @throws {SupervisorGone} When the session ends meanwhile.
 */
export async function typeText(
  dir: string,
  text: string,
  { timeoutMs, isEnterWanted }: TypeOptions & { readonly isEnterWanted: boolean },
): Promise<TypedInput> {
  const deadline = performance.now() + timeoutMs;
  const budget = { timeoutMs: () => Math.max(1, deadline - performance.now()), taken: 0 };
  let typed: TypedInput = { bytes: 0, offset: 0, isSeen: true };
  if (text !== "") {
    using changes = subscribe(dir);
    const before = await askForScreen(dir, budget.timeoutMs());
    const offset = await type(dir, encodeText(text, before.modes), budget);
    const isSeen = await waitUntilShown(dir, changes, { text, before: linesOf(before).join("\n") });
    typed = { bytes: budget.taken, offset, isSeen };
  }
  if (!isEnterWanted) return typed;
  const offset = await type(dir, Uint8Array.of(13), budget);
  return { ...typed, bytes: budget.taken, offset };
}

/**
 * Types keys, one after the other.
 *
 * @throws {UsageError} When one of them is no key; nothing is typed then (exit code 2).
 * @throws {InputNotRead} As for text.
 */
export async function typeKeys(
  dir: string,
  keys: readonly string[],
  { timeoutMs }: TypeOptions,
): Promise<TypedInput> {
  for (const key of keys) encodeKey(key, { isAppCursor: false });
  const deadline = performance.now() + timeoutMs;
  const budget = { timeoutMs: () => Math.max(1, deadline - performance.now()), taken: 0 };
  using changes = subscribe(dir);
  await changes.changed();
  const { ok: _, ...reply } = await request(dir, "modes");
  const isAppCursor = parseModes(reply).app_cursor;
  let offset: number | undefined;
  for (const [at, key] of keys.entries()) {
    const bytes = encodeKey(key, { isAppCursor });
    const start = await type(dir, bytes, budget);
    offset ??= start;
    const isBareEscape = bytes.length === 1 && bytes[0] === 0x1b;
    if (isBareEscape && at + 1 < keys.length) {
      await new Promise((resolve) => setTimeout(resolve, ESCAPE_PAUSE_MS));
    }
  }
  const isSeen = await hasGrown(dir, changes, offset ?? 0);
  return { bytes: budget.taken, offset: offset ?? 0, isSeen };
}

/** Returns what is typed for a text: one paste where the program asked for pastes. */
export function encodeText(text: string, modes: ScreenModes): Uint8Array {
  const typed = text.replace(/\r?\n/g, "\r"); // Enter sends CR, and so does a line end in a paste.
  if (!modes.bracketed_paste) return new TextEncoder().encode(typed);
  // Without ESC nothing in the text can end the paste, whatever the program's parser forgives.
  return new TextEncoder().encode(`\x1b[200~${typed.replace(/[\x1b\x9b]/g, "")}\x1b[201~`);
}

/** Types bytes; returns the log's end of the moment before. */
async function type(
  dir: string,
  bytes: Uint8Array,
  budget: { readonly timeoutMs: () => number; taken: number },
): Promise<number> {
  const timeout_ms = Math.ceil(budget.timeoutMs());
  const reply = await request(
    dir,
    "input",
    { ...payloadOf(dir, bytes), timeout_ms },
    timeout_ms + ANSWER_MS,
  );
  const taken = Number(reply["taken"]);
  budget.taken += taken;
  if (taken < bytes.length) {
    throw new InputNotRead(budget.taken, bytes.length - taken, Number(reply["offset"]));
  }
  return Number(reply["offset"]);
}

function payloadOf(dir: string, bytes: Uint8Array): Readonly<Record<string, string>> {
  if (bytes.length <= INLINE_BYTES) return { bytes: btoa(String.fromCharCode(...bytes)) };
  const file = `in-${crypto.randomUUID()}`;
  try {
    writeFileAtomic(join(dir, file), bytes);
  } catch (cause) {
    throw new LooopError(`cannot hand the text over: ${messageOf(cause)}`, {
      cause,
      hint: "`looop doctor` checks disk and permissions",
    });
  }
  return { file };
}

interface Changes {
  changed(deadline?: number): Promise<"changed" | "ended" | "timeout">;
}

/** Waits until the screen shows the text, or has changed and then rests; false when it does neither. */
async function waitUntilShown(
  dir: string,
  changes: Changes,
  { text, before }: { readonly text: string; readonly before: string },
): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  const needle = squeeze(text).slice(-NEEDLE_LENGTH);
  const countBefore = countOf(squeeze(before), needle);
  let shown = before;
  let changedAt = Infinity;
  for (;;) {
    const stillAt = changedAt + STILL_MS;
    const wake = await changes.changed(Math.min(deadline, stillAt));
    const now = linesOf(await askForScreen(dir)).join("\n");
    if (needle !== "" && countOf(squeeze(now), needle) > countBefore) return true;
    if (now !== shown) {
      shown = now;
      changedAt = performance.now();
    } else if (performance.now() >= stillAt) return true;
    if (wake === "ended" || performance.now() >= deadline) return false;
  }
}

async function hasGrown(dir: string, changes: Changes, offset: number): Promise<boolean> {
  const { openLog } = await import("./log_file.ts");
  const deadline = performance.now() + KEY_PATIENCE_MS;
  for (;;) {
    using log = openLog(dir);
    if (log !== undefined && log.end() > offset) return true;
    const wake = await changes.changed(deadline);
    if (wake !== "changed") return wake === "ended";
  }
}

/** Takes out what a program adds when it wraps or frames text: blanks and box drawing. */
function squeeze(text: string): string {
  return text.replace(/[\s\u2500-\u259f\x00-\x1f\x7f-\x9f]+/g, "");
}

function countOf(text: string, needle: string): number {
  return needle === "" ? 0 : text.split(needle).length - 1;
}
