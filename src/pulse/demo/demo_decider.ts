/**
 * The demo's decider: a script in place of an LLM. It reads the very prompt that an LLM would get and
 * writes the very file that an LLM would write.
 *
 * @module
 */

/** What the demo's decider writes. */
export type DemoDecision = Readonly<Record<string, string>>;

/**
 * Decides from the text of a prompt.
 *
 * @param prompt As `runs/<id>/prompt.md` holds it.
 */
export function decideDemo(prompt: string): DemoDecision {
  const dirty = Number(/^\| .*"dirty": (\d+)/m.exec(prompt)?.[1] ?? 0);
  const hasGoal = prompt.includes('### goal "tidy"');
  const worker = /^### sensor "sys-sessions"\n(?:\| .*\n)*?\| .*"tidy": \{/m.exec(prompt);
  if (!hasGoal && dirty > 0) {
    return {
      action: "write_goal",
      id: "tidy",
      body: "---\ngoal: Nothing lies uncommitted in the shop\n---\n\n- notes.md lies around\n",
      journal: `${dirty} file lies uncommitted; made it a goal`,
    };
  }
  if (hasGoal && dirty > 0 && !worker) {
    return {
      action: "start_worker",
      id: "tidy",
      prompt: "Find out what lies uncommitted, ask before committing it, and report.",
      journal: "the goal needs hands",
    };
  }
  if (hasGoal && dirty === 0) {
    return { action: "archive_goal", id: "tidy", journal: "the shop is tidy again" };
  }
  if (hasGoal) return { action: "noop", reason: "the worker tidy is on it" };
  return { action: "noop", reason: "all is as it should be" };
}
