/**
 * Tells what happened to workers since the last look: started, ended, flag raised, flag cleared.
 *
 * @module
 */
import { foldLine } from "../base/plain_text.ts";
import type { Session } from "../session/registry.ts";
import { type BeatContext, tell } from "./beat_context.ts";

/** A question that waits for the human. */
export interface OpenQuestion {
  readonly id: string;
  readonly session: string;
  readonly kind: "worker" | "gate";
  readonly prompt: string;
}

/** Remembers the last look. Losing it costs no more than a line that is said again. */
export class WorkerNews {
  #seen = new Map<string, { readonly isAlive: boolean; readonly flag: string | undefined }>();
  #asked = new Set<string>();
  #isFirst = true;

  /** Tells the questions that have come up since the last look. */
  tellQuestions(context: BeatContext, open: readonly OpenQuestion[]): void {
    for (const { id, session, kind, prompt } of open) {
      if (kind === "gate" || this.#asked.has(id)) continue;
      const message = `${session} asks: ${foldLine(prompt)} (looop answer ${id} …)`;
      tell(context, "asked", message, {
        level: "warn",
        fields: { session, question: id, kind },
      });
    }
    this.#asked = new Set(open.map(({ id }) => id));
  }

  /** Compares the workers with those of the last look and tells the differences. */
  tellChanges(context: BeatContext, workers: readonly Session[]): void {
    const now = new Map(workers.map((worker) => [keyOf(worker), worker]));
    for (const [key, worker] of now) {
      const before = this.#seen.get(key);
      const fields = { session: worker.id };
      // What ended before this pulse began is no news.
      if (before === undefined && this.#isFirst && !worker.isAlive) continue;
      if (before === undefined) {
        const verb = this.#isFirst ? "is alive" : "started";
        tell(context, "worker_started", `worker ${worker.id} ${verb}`, { fields });
      }
      if ((before?.isAlive ?? true) && !worker.isAlive) {
        const exit_code = worker.record.exit_code;
        tell(context, "worker_ended", `worker ${worker.id} ${endOf(worker)}`, {
          fields: { ...fields, state: worker.state, exit_code },
        });
      }
      const flag = worker.isAlive ? worker.flag : undefined;
      if (flag !== undefined && flag !== before?.flag) {
        const message = `${worker.id} waits for you: ${
          foldLine(flag) || "no note"
        } (looop attach ${worker.id})`;
        tell(context, "flag_raised", message, { level: "warn", fields: { ...fields, note: flag } });
      } else if (flag === undefined && before?.flag !== undefined && worker.isAlive) {
        tell(context, "flag_cleared", `${worker.id} goes on`, { fields });
      }
    }
    this.#isFirst = false;
    this.#seen = new Map(
      [...now].map((
        [key, { isAlive, flag }],
      ) => [key, { isAlive, flag: isAlive ? flag : undefined }]),
    );
  }
}

function endOf({ state, record }: Session): string {
  if (state === "killed") return `was ended by signal ${record.signal}`;
  if (state === "dead") return "died: its supervisor vanished";
  return `ended with exit code ${record.exit_code}`;
}

function keyOf({ id, record }: Session): string {
  return `${id} ${record.incarnation}`;
}
