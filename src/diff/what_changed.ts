/**
 * Tells two worlds apart: which file, which JSON pointer, the old value and the new one.
 *
 * @module
 */
import { isSameJson, type Json } from "../base/canonical_json.ts";
import type { World } from "./world.ts";

/** One difference between the last decided world and this one. */
export interface Change {
  /** `PLAYBOOK.md`, `goals/x.md` or `sensor x`. */
  readonly where: string;
  readonly kind: "added" | "removed" | "changed";
  /** Where in the reading, as RFC 6901 writes it; the whole reading is the empty pointer. */
  readonly pointer?: string;
  readonly old?: Json;
  readonly new?: Json;
}

/** Compares two worlds. Files come first, then sensors, each sorted by name. */
export function findChanges(before: World, after: World): readonly Change[] {
  return [
    ...compareKeys(
      before.files,
      after.files,
      (path, old, now) =>
        old !== undefined && now !== undefined
          ? [{ where: path, kind: "changed" }]
          : [{ where: path, kind: now === undefined ? "removed" : "added" }],
    ),
    ...compareKeys(before.signals, after.signals, (name, old, now) => {
      const where = `sensor ${name}`;
      if (old === undefined) return [{ where, kind: "added", new: now! }];
      if (now === undefined) return [{ where, kind: "removed", old }];
      return compareJson(where, "", old, now);
    }),
  ];
}

function compareJson(where: string, pointer: string, old: Json, now: Json): readonly Change[] {
  if (isSameJson(old, now)) return [];
  if (isContainer(old) && isContainer(now) && Array.isArray(old) === Array.isArray(now)) {
    return compareKeys(entriesOf(old), entriesOf(now), (key, a, b) => {
      const at = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (a === undefined) return [{ where, kind: "added", pointer: at, new: b! }];
      if (b === undefined) return [{ where, kind: "removed", pointer: at, old: a }];
      return compareJson(where, at, a, b);
    });
  }
  return [{ where, kind: "changed", pointer, old, new: now }];
}

type Container = readonly Json[] | { readonly [key: string]: Json };

function isContainer(value: Json): value is Container {
  return value !== null && typeof value === "object";
}

function entriesOf(value: Container): { readonly [key: string]: Json } {
  return Array.isArray(value)
    ? Object.fromEntries(value.map((item, index) => [String(index), item]))
    : value as { readonly [key: string]: Json };
}

function compareKeys<T>(
  before: { readonly [key: string]: T },
  after: { readonly [key: string]: T },
  compare: (key: string, old: T | undefined, now: T | undefined) => readonly Change[],
): readonly Change[] {
  const own = (object: { readonly [key: string]: T }, key: string) =>
    Object.hasOwn(object, key) ? object[key] : undefined;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .filter((key) => own(before, key) !== own(after, key))
    .flatMap((key) => compare(key, own(before, key), own(after, key)));
}
