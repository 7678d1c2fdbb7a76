import { equal, ok } from "node:assert/strict";
import { type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { explainJsonMistake } from "../../src/profile/json_mistake.ts";

function firstMistake(text: string): string {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  return explainJsonMistake(text, errors[0]!);
}

Deno.test("explainJsonMistake() says what was expected and what stands there instead", () => {
  const table: readonly (readonly [text: string, says: string])[] = [
    ['{"a": 1\n"b": 2}', 'expected "," before "b"'],
    ['{"a" 1}', 'expected ":" before 1'],
    ['{"a": }', "expected a value before }"],
    ['{"a": 1,,}', "expected a key in double quotes before ,"],
    ['{"a": 1\n\n', 'expected "}" at the end of the file'],
    ['{"a": [1', 'expected "]" at the end of the file'],
    ['{"a": 1}}', "expected the end of the file before }"],
  ];
  for (const [text, says] of table) equal(firstMistake(text), says);
});

Deno.test("explainJsonMistake() says what is wrong with what stands there", () => {
  const table: readonly (readonly [text: string, says: string])[] = [
    ['{"default": claude}', "claude: text needs double quotes"],
    ["{'default': 1}", "'default': text needs double quotes"],
    ['{"a": "x\n}', '"x: the text has no " at its end'],
    ['{"a": "\\d"}', '"\\d": only one of " \\ / b f n r t u stands behind \\'],
    ['{"a": "\\u12"}', '"\\u12": four hexadecimal digits'],
    ['{"a": 1.}', "1.: the number lacks its last digits"],
    ["{ /* x", "/* x: the comment has no */ at its end"],
  ];
  for (const [text, says] of table) ok(firstMistake(text).startsWith(says), firstMistake(text));
});

Deno.test("explainJsonMistake() has words for every code of the parser", () => {
  let codes = 0;
  for (let error = 1; !printParseErrorCode(error).startsWith("<"); error++) {
    const name = printParseErrorCode(error);
    const words = explainJsonMistake("{}", { error, offset: 2, length: 0 });
    ok(!words.includes(name) && words.includes(" "), `${name}: ${words}`);
    codes++;
  }
  equal(codes, 16);
});
