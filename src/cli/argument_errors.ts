/**
 * Says what is wrong with a command line, in looop's own words.
 *
 * @module
 */
import { type ArgumentScannerError, formatMessageForArgumentScannerError } from "@stricli/core";
import { LooopError, messageOf } from "../base/errors.ts";
import { findNearest } from "../base/nearest.ts";
import { flagsOf } from "./parameter_docs.ts";
import type { Verb } from "./verb.ts";

/**
 * Explains an argument that the scanner refused: what is wrong and what would be right.
 *
 * @param verb The verb that it was meant for.
 * @param help The command that shows how it is called.
 */
export function explainArgument(error: ArgumentScannerError, verb: Verb, help: string): string {
  const see = `see \`${help}\``;
  return formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input }) => {
      const known = [...flagsOf(verb).map(({ name }) => name), "--help"];
      const nearest = findNearest(`--${input}`, known);
      return `no flag "--${input}"; ${nearest ? `did you mean ${nearest}?` : see}`;
    },
    AliasNotFoundError: ({ input }) => `no flag "-${input}"; ${see}`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, exception }) => {
      const isFlag = flagsOf(verb).some(({ name }) =>
        name === `--${externalFlagNameOrPlaceholder}`
      );
      const place = isFlag ? `--${externalFlagNameOrPlaceholder}` : externalFlagNameOrPlaceholder;
      const hint = exception instanceof LooopError ? exception.hint : "";
      return `${place}: ${decapitalise(messageOf(exception))}; ${decapitalise(hint) || see}`;
    },
    UnsatisfiedPositionalError: ({ placeholder }) =>
      placeholder.includes("> <")
        ? `<${placeholder.replace("> <", "> and <")}> are missing; ${see}`
        : `<${placeholder}> is missing; ${see}`,
    UnexpectedPositionalError: ({ input }) => `"${input}" is one argument too many; ${see}`,
    UnsatisfiedFlagError: ({ externalFlagName, nextFlagName }) => {
      const flag = flagsOf(verb).find(({ name }) => name === `--${externalFlagName}`);
      // The library tells a required flag that is not there in the same way as a value that is not.
      if (flag?.isRequired && nextFlagName === undefined) {
        return `${flag.name} ${flag.value} is missing; ${see}`;
      }
      return `--${externalFlagName} needs a value${
        nextFlagName === undefined ? "" : `, not --${nextFlagName}`
      }; ${see}`;
    },
    EnumValidationError: ({ externalFlagName, input, values }) =>
      `--${externalFlagName} cannot be "${input}"; write one of ${values.join(", ")}`,
    UnexpectedFlagError: ({ externalFlagName }) => `--${externalFlagName} was given twice; ${see}`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName }) =>
      `--${externalFlagName} takes no value; ${see}`,
  });
}

/** Lets a sentence go on in the middle of a line: its first word's capital goes, `Ctrl-C` keeps it. */
export function decapitalise(text: string): string {
  return /^[A-Z][a-z]*(?![\w-])/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
