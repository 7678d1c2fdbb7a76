/**
 * What the verbs about sessions share.
 *
 * @module
 */
import { LooopError } from "../base/errors.ts";
import type { TypedInput } from "../session/type_input.ts";
import type { Session } from "../session/registry.ts";
import type { CliContext } from "./context.ts";
import { jsonLine } from "./json_text.ts";
import { textArgument } from "./params.ts";

/** The id under which the pulse itself runs. */
export const PULSE_ID = "pulse";

/** The positional argument that names a session, alone. */
export const sessionArgument = {
  kind: "tuple",
  parameters: [textArgument("id", "The session's id")],
} as const;

/**
 * Finds the folder of this profile's sessions.
 *
 * @throws {LooopError} When there is no profile.
 */
export async function sessionsDirOf({ env }: CliContext): Promise<string> {
  const { openProfile, requireProfile } = await import("../profile/profile.ts");
  const profile = openProfile(env);
  requireProfile(profile);
  return profile.paths.sessionsDir;
}

/**
 * Finds the folder of this profile's sessions for a verb that reads one, be it the pulse.
 *
 * @throws {LooopError} When there is no profile, or the pulse is meant and has left nothing to read.
 */
export async function sessionsDirToRead(context: CliContext, id: string): Promise<string> {
  const sessionsDir = await sessionsDirOf(context);
  if (id !== PULSE_ID) return sessionsDir;
  const { findSession } = await import("../session/registry.ts");
  if (findSession(sessionsDir, id)) return sessionsDir;
  throw new LooopError("the pulse does not run and has left nothing to read", {
    hint: "`looop` starts it, `looop journal` tells what it did",
  });
}

/**
 * Refuses to change the pulse as if it were a worker.
 *
 * @throws {LooopError} When `id` is the pulse's.
 */
export function refusePulse(id: string): void {
  if (id !== PULSE_ID) return;
  throw new LooopError(`"${PULSE_ID}" is the loop itself, not a worker`, {
    hint: "Ctrl-C in the foreground `looop` ends it (without one, `looop` takes it over); " +
      "`looop watch pulse` shows it",
  });
}

/**
 * Finds a worker that is alive.
 *
 * @throws {LooopError} When it is the pulse, when there is none, or when it has ended.
 */
export async function getLiveWorker(context: CliContext, id: string): Promise<Session> {
  refusePulse(id);
  const sessionsDir = await sessionsDirOf(context);
  const { getLivingSession } = await import("../session/registry.ts");
  return getLivingSession(sessionsDir, id);
}

/** Tells this profile's pulse, if one runs, that something has changed. */
export async function wakePulse({ env }: CliContext): Promise<void> {
  const [{ openProfile }, { pokePulse }] = await Promise.all([
    import("../profile/profile.ts"),
    import("../pulse/poke.ts"),
  ]);
  pokePulse(openProfile(env).paths.wake);
}

/** How long a program may take to read what is typed. */
export const TYPE_TIMEOUT_MS = 10_000;

/**
 * Runs something that types, and prints what came of it where JSON is wanted, also when the program
 * does not read it.
 */
export async function reportTyping(
  context: CliContext,
  id: string,
  { isJson, type }: { readonly isJson: boolean; readonly type: () => Promise<TypedInput> },
): Promise<TypedInput> {
  const report = ({ bytes, offset, isSeen }: TypedInput) => {
    if (isJson) context.print(jsonLine({ id, bytes, offset, seen: isSeen }));
  };
  const { InputNotRead } = await import("../session/type_input.ts");
  try {
    const typed = await type();
    report(typed);
    return typed;
  } catch (error) {
    if (error instanceof InputNotRead) {
      report({ bytes: error.taken, offset: error.offset, isSeen: false });
    }
    throw error;
  }
}
