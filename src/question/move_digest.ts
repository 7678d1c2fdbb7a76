/**
 * What binds a yes to exactly one move. Apart from questions themselves: who only lists them need not
 * load any cryptography.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../base/canonical_json.ts";

/** Returns the digest that binds a yes to exactly one move. */
export function digestOfMove(move: Json): string {
  return createHash("sha256").update(canonicalJson(move)).digest("hex");
}
