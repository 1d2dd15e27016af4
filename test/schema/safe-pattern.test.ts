import { expect, it, test } from "vitest";
import { matchesPattern } from "../../src/schema/safe-pattern.ts";

test.each<[pattern: string, text: string, matches: boolean | undefined]>([
  ["^a+$", "aaa", true],
  ["^a+$", "aab", false],
  ["b", "aab", true],
  ["^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "someone@example.com", true],
  ["^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "someone", false],
  ["^\\d{4}-\\d{2}-\\d{2}$", "2026-11-21", true],
  ["^(a|b)c$", "bc", true],
  ["^(?:ab){2}$", "abab", true],
  ["^(\\d{3})?x$", "123x", true],
  ["^a{2,}?b$", "aab", true],
  ["^\\p{L}+$", "ä", true],
  ["^\\-$", "-", true],
  ["[)(+*]", "(", true],
  ["^(?<year>\\d+)$", "2026", true],
  ["^(?=a)a$", "a", true],
  ["\\(a+\\)", "(a)", true],
  ["^(a+)b{2}$", "aabb", true],
])("%s of %s: %s", (pattern, text, matches) => {
  expect(matchesPattern(pattern, text)).toBe(matches);
  // Remembered, and the same.
  expect(matchesPattern(pattern, text)).toBe(matches);
});

test.each([
  ["a repetition of a repetition", "^(a+)+$"],
  ["deeper inside", "^((a+)b)*$"],
  ["in braces", "^(a{1,9}){3}$"],
  ["of what may be left out", "^(a?){50}$"],
  ["of a choice", "^(a|aa)+$"],
  ["of a choice that is not caught", "^(?:a|aa)*$"],
  ["back reference", "^(a)\\1$"],
  ["named back reference", "^(?<x>a)\\k<x>$"],
  ["many parts that may be left out", `^${"a?".repeat(30)}$`],
  ["cannot be read", "("],
  ["closes what is not open", "a)"],
  ["too long", "a".repeat(1_001)],
])("is not looked into: %s", (_what, pattern) => {
  expect(matchesPattern(pattern, `${"a".repeat(40)}!`)).toBeUndefined();
});

test.each([
  ["one repetition that may begin anywhere", "a+$", 10_000],
  ["three in a row", "^a*a*a*$", 464],
])("looks at texts up to a length: %s", (_what, pattern, length) => {
  expect(matchesPattern(pattern, `${"a".repeat(length - 1)}!`)).toBe(false);
  expect(matchesPattern(pattern, `${"a".repeat(length)}!`)).toBeUndefined();
});

it("takes no long time at its limit", () => {
  const started = performance.now();
  matchesPattern("^b*b*b*b*$", "b".repeat(400));
  matchesPattern("^c*c*c*$", `${"c".repeat(463)}!`);
  expect(performance.now() - started).toBeLessThan(10_000);
});

it("remembers a bounded number of patterns", () => {
  for (let count = 0; count < 500; count++) expect(matchesPattern(`^x${count}$`, `x${count}`)).toBe(true);
  expect(matchesPattern("^x0$", "x0")).toBe(true);
});
