/**
 * Claims: the leases that workers hold, and what becomes of one whose holder is gone.
 *
 * @module
 */
import { join } from "node:path";
import { removeIfThere } from "../base/atomic_file.ts";
import type { Json } from "../base/canonical_json.ts";
import type { Session } from "../session/registry.ts";
import * as s from "../base/shape.ts";

const claimShape = s.objectWith({ session: s.text, name: s.optional(s.text) });
const MAX_CLAIM_BYTES = 64 * 1024;

/** A lease in `claims/`. */
export interface Claim {
  readonly file: string;
  /** Undefined where the file names no session or does not parse; such a claim is left and reported. */
  readonly session: string | undefined;
  readonly name: string;
  readonly writtenAtMs: number;
}

/** Reads every lease, sorted by file name. */
export function readClaims(claimsDir: string): readonly Claim[] {
  const claims: Claim[] = [];
  let names: string[];
  try {
    names = [...Deno.readDirSync(claimsDir)].filter(({ name }) => name.endsWith(".json"))
      .map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  for (const file of names) {
    const path = join(claimsDir, file);
    const fallback = file.slice(0, -".json".length);
    try {
      const info = Deno.statSync(path);
      const writtenAtMs = info.mtime?.getTime() ?? 0;
      const isReadable = info.isFile && info.size <= MAX_CLAIM_BYTES;
      const parsed = isReadable
        ? s.matches(claimShape, parseOrNull(Deno.readTextFileSync(path)))
        : undefined;
      const session = parsed?.session || undefined;
      claims.push({ file, session, name: parsed?.name ?? fallback, writtenAtMs });
    } catch (error) {
      // Its worker may be deleting it at this moment.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return claims;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Makes the reading `sys-claims`. It has an empty signal: the LLM is told of leases, they do not wake it. */
export function claimsReading(claims: readonly Claim[]): Json {
  return {
    signal: null,
    detail: claims.map(({ file, name, session }) => ({
      file,
      name,
      session: session ?? null,
      ...(session === undefined ? { problem: "names no session" } : {}),
    })),
  };
}

/**
 * Removes the leases of sessions that are not alive or began after the lease was written: such a
 * session is another one of the same id.
 *
 * @returns What was removed.
 */
export function reapClaims(claimsDir: string, sessions: readonly Session[]): readonly Claim[] {
  const isHeld = ({ session, writtenAtMs }: Claim) =>
    session === undefined ||
    sessions.some(({ id, isAlive, record }) =>
      id === session && isAlive && record.started_at <= writtenAtMs
    );
  const stale = readClaims(claimsDir).filter((claim) => !isHeld(claim));
  for (const { file } of stale) removeIfThere(join(claimsDir, file));
  return stale;
}
