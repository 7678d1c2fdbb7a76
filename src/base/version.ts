/**
 * The version, as `deno.json` says it; a test holds the two together, so that no start has to read
 * a file for it.
 *
 * @module
 */

/** Semantic version of this looop. */
export const VERSION = "0.13.0";
