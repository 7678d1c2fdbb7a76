/**
 * The error of a move that cannot be made.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";

/** A move that is refused before anything happens. */
export class RefusedMove extends LooopError {
  override readonly name = "RefusedMove";

  /** @param field The field that is wrong, with its action: `id of steer_session`. */
  constructor(action: string, field: string, problem: string) {
    super(`field "${field}" of ${action}: ${problem}`);
  }
}
