import { equal } from "node:assert/strict";
import { fitLine } from "../../src/cli/fit_line.ts";

Deno.test("fitLine() cuts what is too long and leaves what fits", () => {
  equal(fitLine("abcdef", 6), "abcdef");
  equal(fitLine("abcdefg", 6), "abcde…");
  equal(fitLine("abcdefg", undefined), "abcdefg");
  equal(fitLine("", 6), "");
  equal(fitLine("ab", 1), "…");
});

Deno.test("fitLine() counts cells, not characters, and splits none", () => {
  equal(fitLine("日本語", 6), "日本語");
  equal(fitLine("日本語x", 6), "日本…");
  equal(fitLine("a日本語", 6), "a日本…");
  equal(fitLine("🙂🙂🙂🙂", 6), "🙂🙂…");
  equal(fitLine("e\u0301e\u0301e\u0301", 3), "e\u0301e\u0301e\u0301");
});
