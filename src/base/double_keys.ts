/**
 * Finds keys that stand twice in one object: a JSON reader takes the last one without a word.
 *
 * @module
 */
import { type JSONPath, visit } from "jsonc-parser";

/** A key that an object has had already. */
export interface DoubleKey {
  /** The way to it from the top. */
  readonly keys: JSONPath;
  /** Where the later one begins, in UTF-16 units. */
  readonly offset: number;
}

/** Lists the later ones of all double keys, in the text's order. Comments may stand in the text. */
export function findDoubleKeys(text: string): readonly DoubleKey[] {
  const found: DoubleKey[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(key, offset, _length, _line, _column, pathSupplier) {
      const seen = open.at(-1)!;
      if (seen.has(key)) found.push({ keys: [...pathSupplier(), key], offset });
      seen.add(key);
    },
  });
  return found;
}
