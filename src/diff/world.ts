/**
 * The world as the loop sees it: PLAYBOOK, goals and every reading's signal, and one hash over them.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../base/canonical_json.ts";

/** A policy file with its text. */
export interface PolicyFile {
  /** Relative to the data dir: `PLAYBOOK.md`, `goals/x.md`, `sensors/y.sh`. */
  readonly path: string;
  readonly text: string;
}

/** The part of a snapshot that counts. */
export interface Signal {
  readonly name: string;
  readonly signal: Json;
}

/** What one decided beat was decided on; kept to tell what changed since. */
export interface World {
  readonly hash: string;
  /** SHA-256 of each file that counts, by path. */
  readonly files: { readonly [path: string]: string };
  /** Each reading's signal, by sensor. */
  readonly signals: { readonly [sensor: string]: Json };
}

/**
 * Describes the world. The order of files, sensors and keys never matters.
 *
 * @param files PLAYBOOK and goals; sensor scripts are left out by the caller: editing one does not wake.
 */
export function describeWorld(files: readonly PolicyFile[], signals: readonly Signal[]): World {
  const world = {
    files: Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
    signals: Object.fromEntries(signals.map(({ name, signal }) => [name, signal])),
  };
  return { hash: sha256(canonicalJson(world)), ...world };
}

/** Returns the SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
