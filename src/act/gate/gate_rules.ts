/**
 * Joins the default rules and those of the config.
 *
 * The config's `gate`:
 * - `deny`, `ask`: lists of regular expressions (JavaScript syntax, flag m). Each is searched in the
 *   command as written and in every simple command found in it, unquoted and without its wrappers
 *   (`sudo env X=1 git -C d push` is also seen as `git -C d push`). They are added to the defaults.
 * - `without`: names of default rules to drop (`["git-push", "http-write"]`).
 * - `replace`: true drops all default rules; only `deny` and `ask` hold then. What the shell parser
 *   cannot read is still asked.
 *
 * @module
 */
import { LooopError, messageOf } from "../../base/errors.ts";
import { findNearest } from "../../base/nearest.ts";
import { BoundedRegex } from "./bounded_regex.ts";
import type { Place } from "./place.ts";
import type { GateRule } from "./rule.ts";
import { DATA_RULES } from "./rules_data.ts";
import { DENY_RULES } from "./rules_deny.ts";
import { FILE_RULES } from "./rules_files.ts";
import { GIT_RULES } from "./rules_git.ts";
import { OWN_FILE_RULES } from "./rules_own_files.ts";
import { REMOTE_RULES } from "./rules_remote.ts";
import { SELF_RULES } from "./rules_self.ts";
import { TOOL_RULES } from "./rules_tools.ts";

/** `gate` in the config, as it was parsed at the edge. */
export interface GateConfig {
  readonly deny?: readonly string[];
  readonly ask?: readonly string[];
  readonly without?: readonly string[];
  readonly replace?: boolean;
}

/** Rules ready to judge with. */
export interface GateRules {
  readonly place: Place;
  readonly hasDefaults: boolean;
  readonly defaults: readonly GateRule[];
  readonly patterns: readonly {
    readonly verdict: "ask" | "deny";
    readonly name: string;
    readonly regex: BoundedRegex;
  }[];
}

/** All default rules; the first that matches with the heaviest verdict gives its name. */
export const DEFAULT_RULES: readonly GateRule[] = [
  ...DENY_RULES,
  ...SELF_RULES,
  ...OWN_FILE_RULES,
  ...FILE_RULES,
  ...GIT_RULES,
  ...REMOTE_RULES,
  ...DATA_RULES,
  ...TOOL_RULES,
];

/**
 * Compiles the rules once per config.
 *
 * @param place The data dir and the home, whose deletion is denied; both absolute.
 * @throws {LooopError} For a pattern that is wrong or cannot be bounded, naming it (`gate.ask[2]`), and
 *   for a name in `without` that is no rule's.
 */
export function compileGateRules(config: GateConfig, place: Place): GateRules {
  const names = new Set(DEFAULT_RULES.map(({ name }) => name));
  for (const name of config.without ?? []) {
    if (names.has(name)) continue;
    const nearest = findNearest(name, [...names]);
    const meant = nearest === undefined ? "" : `did you mean "${nearest}"? `;
    throw new LooopError(`gate.without names no rule: "${name}"`, {
      hint: `${meant}the rules are ${[...names].join(", ")}`,
    });
  }
  const compile = (verdict: "ask" | "deny") =>
    (config[verdict] ?? []).map((source, index) => {
      try {
        return { verdict, name: `gate.${verdict}: ${source}`, regex: new BoundedRegex(source) };
      } catch (error) {
        throw new LooopError(
          `gate.${verdict}[${index}] is not a usable regular expression: ${
            messageOf(error)
          }: ${source}`,
          {
            hint: "write it as for JavaScript, without lookbehind and back-references",
            cause: error,
          },
        );
      }
    });
  return {
    place,
    hasDefaults: config.replace !== true,
    defaults: config.replace === true
      ? []
      : DEFAULT_RULES.filter(({ name }) => !config.without?.includes(name)),
    patterns: [...compile("deny"), ...compile("ask")],
  };
}
