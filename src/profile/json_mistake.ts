/**
 * Says in words why a text is no JSON, and what stands at the place where that shows.
 *
 * @module
 */
import { type ParseError, printParseErrorCode } from "jsonc-parser";

/** A code of the parser. */
type Code = Exclude<ReturnType<typeof printParseErrorCode>, `<${string}`>;

/** What had to come where something else stands. */
const EXPECTED: { readonly [C in Code as C extends `${string}Expected` ? C : never]: string } = {
  PropertyNameExpected: "a key in double quotes",
  ValueExpected: "a value",
  ColonExpected: '":"',
  CommaExpected: '","',
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: "the end of the file",
};

/** What is wrong with what stands there. */
const WRONG: { readonly [C in Exclude<Code, keyof typeof EXPECTED>]: string } = {
  InvalidSymbol: "text needs double quotes; only numbers, true, false and null stand without",
  InvalidNumberFormat: "no number is written like this",
  InvalidCommentToken: "a comment begins with // or /*",
  UnexpectedEndOfComment: "the comment has no */ at its end",
  UnexpectedEndOfString: 'the text has no " at its end',
  UnexpectedEndOfNumber: "the number lacks its last digits",
  InvalidUnicode: "four hexadecimal digits belong behind \\u",
  InvalidEscapeCharacter: 'only one of " \\ / b f n r t u stands behind \\; a \\ itself is \\\\',
  InvalidCharacter: "a tab or control character within quotes is written \\t or \\u0007",
};

/** What of the text is shown at most, in characters. */
const MAX_SHOWN = 30;

/** Explains a parse error: `expected "," before "popup"`. */
export function explainJsonMistake(text: string, { error, offset, length }: ParseError): string {
  const code = printParseErrorCode(error) as Code;
  const shown = text.slice(offset, offset + Math.min(length, MAX_SHOWN)).split(/[\r\n]/)[0]!;
  const isAtEnd = shown.trim() === "";
  if (code in EXPECTED) {
    const expected = EXPECTED[code as keyof typeof EXPECTED];
    return `expected ${expected} ${isAtEnd ? "at the end of the file" : `before ${shown}`}`;
  }
  return `${isAtEnd ? "" : `${shown}: `}${WRONG[code as keyof typeof WRONG] ?? code}`;
}
