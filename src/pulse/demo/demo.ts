/**
 * The demo: the real foreground, pulse, sensors, worker and question, with a script in the LLM's place
 * and a stand-in for the human who answers. Succeeds only if every step really happened.
 *
 * @module
 */
import { join } from "node:path";
import { readTextIfThere } from "../../base/atomic_file.ts";
import type { LogEvent } from "../../log/events.ts";
import { readJournal } from "../../log/journal.ts";
import type { Environment } from "../../profile/environment.ts";
import { answerQuestion } from "../../question/answer_question.ts";
import { isAliveIn } from "../../question/asker_alive.ts";
import { listSessions } from "../../session/registry.ts";
import { readScreen } from "../../session/read_screen.ts";
import { linesOf } from "../../session/screen_snapshot.ts";
import { runForeground } from "../foreground.ts";
import { openBeat } from "../open_beat.ts";
import { type DemoWorld, makeDemoWorld, subjectsOf } from "./demo_profile.ts";

/** The demo is over by then, one way or the other. */
const LIMIT_MS = 60_000;
/** Time to read the question before it is answered. */
const READING_MS = 1200;

/** How the demo talks. */
export interface DemoOptions {
  readonly env: Environment;
  readonly showEvent: (event: LogEvent) => void;
  /** Shows a sentence of the narrator. */
  readonly narrate: (sentence: string) => void;
  /** Shows text as it is: a screen, the journal. */
  readonly showText: (lines: readonly string[]) => void;
}

/** What the demo came to. */
export interface DemoResult {
  readonly exitCode: number;
  /** Steps that did not happen. */
  readonly missing: readonly string[];
}

/** Runs the demo in a folder of its own, which is removed in the end. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const world = makeDemoWorld();
  try {
    return await new Demo(world, options).run();
  } finally {
    Deno.removeSync(world.dir, { recursive: true });
  }
}

class Demo {
  readonly #events: LogEvent[] = [];
  readonly #told = new Set<string>();
  readonly #done = Promise.withResolvers<void>();
  #screen: readonly string[] = [];

  constructor(readonly world: DemoWorld, readonly options: DemoOptions) {}

  async run(): Promise<DemoResult> {
    const { dataDir, configPath } = this.world;
    const { narrate, showText } = this.options;
    const places: Readonly<Record<string, string>> = {
      LOOOP_DATA_DIR: dataDir,
      LOOOP_CONFIG: configPath,
    };
    const env: Environment = (name) =>
      places[name] ?? (/^LOOOP_|^TMUX$/.test(name) ? undefined : this.options.env(name));
    const context = openBeat(env, { onEvent: () => {} });
    narrate(`A throwaway profile in ${this.world.dir}: one PLAYBOOK, one sensor, no goals yet.`);
    const limit = setTimeout(() => this.#done.resolve(), LIMIT_MS);
    const exitCode = await runForeground(context, {
      env,
      show: (event) => this.#see(event),
      showLastWords: (words) => showText(words.split("\n")),
      until: this.#done.promise,
    });
    clearTimeout(limit);
    if (exitCode !== 0) return { exitCode, missing: [] };
    const journal = readJournal(context.profile.paths);
    narrate("The journal, one line for each decided beat:");
    showText(journal.map(({ at, text }) => `- ${at} ${text}`));
    const missing = this.#findMissing(journal.map(({ text }) => text));
    return { exitCode: missing.length === 0 ? 0 : 1, missing };
  }

  #see(event: LogEvent): void {
    const { narrate, showEvent } = this.options;
    const isFirst = !this.#told.has(event.event);
    this.#told.add(event.event);
    this.#events.push(event);
    if (isFirst && event.event === "deciding") {
      narrate(
        "The sensor has read a real git repository. Once per beat the decider picks ONE move:",
      );
    }
    if (event.event === "unchanged") {
      if (isFirst) narrate("Nothing has changed: this beat costs no LLM call.");
      else if (!this.#hasEnded()) return; // The same line each second says nothing new.
    }
    showEvent(event);
    if (isFirst && event.event === "worker_started") {
      narrate("A worker is a real program in a real terminal. This one asks before it acts:");
    }
    if (isFirst && event.event === "asked") void this.#answer(String(event["question"]));
    if (event.event === "unchanged" && this.#hasEnded()) this.#done.resolve();
  }

  /** Shows the worker's screen and answers, as a person would. */
  async #answer(question: string): Promise<void> {
    const { asksDir, sessionsDir } = this.#paths();
    const { snapshot } = await readScreen(sessionsDir, "tidy");
    this.#screen = linesOf(snapshot).filter((line) => line.trim() !== "");
    this.options.narrate("What `looop shot tidy` shows:");
    this.options.showText(this.#screen);
    await new Promise((resolve) => setTimeout(resolve, READING_MS));
    this.options.narrate(`You would type: looop answer ${question} yes. The demo does it for you.`);
    await answerQuestion(asksDir, question, "yes", { isAlive: isAliveIn(sessionsDir) });
  }

  #hasEnded(): boolean {
    return this.#events.some(({ msg }) => msg.startsWith("archive_goal tidy"));
  }

  #paths() {
    const at = (name: string) => join(this.world.dataDir, name);
    return { asksDir: at("asks"), sessionsDir: at("sessions"), report: at("reports/tidy.md") };
  }

  /** Looks at the world, not at what was said of it. */
  #findMissing(journal: readonly string[]): readonly string[] {
    const { report, sessionsDir } = this.#paths();
    const happened: Readonly<Record<string, boolean>> = {
      "a goal was written": journal.some((line) => line.startsWith("write_goal tidy")),
      "a worker was started": journal.some((line) => line.startsWith("start_worker tidy")),
      "its screen was seen": this.#screen.some((line) => line.includes("looking at the shop")),
      "its question was answered": subjectsOf(this.world)[0] === "keep the notes",
      "it reported": readTextIfThere(report)?.includes("after a yes") === true,
      "the goal was archived": journal.some((line) => line.startsWith("archive_goal tidy")),
      "a beat skipped the LLM": this.#events.some(({ event }) => event === "unchanged"),
      "nothing was left running": listSessions(sessionsDir).every(({ isAlive }) => !isAlive),
    };
    return Object.keys(happened).filter((step) => !happened[step]);
  }
}
