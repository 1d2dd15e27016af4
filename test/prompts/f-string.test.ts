import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { parseFString } from "../../src/prompts/f-string.ts";
import type { TemplatePart } from "../../src/prompts/read-template.ts";

/** Writes the parts that a template has, with variables in angle brackets. */
function shown(parts: readonly TemplatePart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : `<${part.variable}>`)).join("");
}

const read = (template: string): string => shown(parseFString(template, false));

describe("variables", () => {
  it.each([
    ["", ""],
    ["plain", "plain"],
    ["{a}", "<a>"],
    ["{a}{b}{a}", "<a><b><a>"],
    ["x{a}y", "x<a>y"],
    ["{_private} {$cash} {camelCase1}", "<_private> <$cash> <camelCase1>"],
    ["{größe} {名前}", "<größe> <名前>"],
    ["{constructor}{__proto__}", "<constructor><__proto__>"],
    ["line\n{a}\r\n{b}", "line\n<a>\r\n<b>"],
    ["😀{a}😀", "😀<a>😀"],
  ])("%j is read as %j", (template, parts) => {
    expect(read(template)).toBe(parts);
  });
});

describe("doubled braces", () => {
  it.each([
    ["{{", "{"],
    ["}}", "}"],
    ["{{a}}", "{a}"],
    ["{{{a}}}", "{<a>}"],
    ["{{{{a}}}}", "{{a}}"],
    ["{{{{{a}}}}}", "{{<a>}}"],
    ["{a}}}", "<a>}"],
    ["{{{a}", "{<a>"],
    ["}}{a}{{", "}<a>{"],
    ['{{"a": {{"b": {c}}}}}', '{"a": {"b": <c>}}'],
    ["{{}}", "{}"],
  ])("%j is read as %j", (template, parts) => {
    expect(read(template)).toBe(parts);
    expect(shown(parseFString(template, true))).toBe(parts);
  });
});

describe("braces that are neither", () => {
  const cases: [template: string, parts: string][] = [
    ["{", "{"],
    ["}", "}"],
    ["{}", "{}"],
    ["{ a }", "{ a }"],
    ["{0}", "{0}"],
    ["{1a}", "{1a}"],
    ["{a b}", "{a b}"],
    ["{a.b}", "{a.b}"],
    ["{a!r}", "{a!r}"],
    ["{a:>10}", "{a:>10}"],
    ["{chat-history}", "{chat-history}"],
    ["{a", "{a"],
    ["a}", "a}"],
    ["{{a}", "{a}"],
    ['{"a": 1}', '{"a": 1}'],
    ['{"a": {"b": {}}}', '{"a": {"b": {}}}'],
    ['{"a": {"b": {name}}}', '{"a": {"b": <name>}}'],
    ['[{"a":{}},{"b":{"c":[{}]}}]', '[{"a":{}},{"b":{"c":[{}]}}]'],
    ['{"open": "{"} {a}', '{"open": "{"} <a>'],
    ['{"close": "}"} {a}', '{"close": "}"} <a>'],
    ["function f() { return { a: {b} }; }", "function f() { return { a: <b> }; }"],
    ['{"a": {{"b": 1}} }', '{"a": {"b": 1} }'],
    ["{ {{ } }} }", "{ { } } }"],
    ['{{"a": {"b": 1}}}', '{"a": {"b": 1}}'],
  ];

  it.each(cases)("%j is read as %j", (template, parts) => {
    expect(read(template)).toBe(parts);
  });

  it.each(cases)("%j is refused when strict", (template) => {
    expect(() => parseFString(template, true)).toThrow(LinnetError);
  });

  it("are named with their place when strict", () => {
    expect(() => parseFString("ab{ c }", true)).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE", data: { index: 2 } }),
    );
    expect(() => parseFString("ab{ c }", true)).toThrow("a lone { at character 3. Write {{ for a brace that is text.");
    expect(() => parseFString("a}", true)).toThrow("a lone } at character 2. Write }} for a brace that is text.");
  });
});

describe("laws", () => {
  const name = fc.constantFrom("a", "name", "_x1", "größe");
  const braced = fc.string({ unit: fc.constantFrom("{", "}", "a", " ", '"', "😀"), maxLength: 30 });
  const doubled = (text: string): string => text.replace(/[{}]/g, "$&$&");

  it("text with every brace doubled reads as that text", () => {
    fc.assert(
      fc.property(braced, (text) => {
        expect(shown(parseFString(doubled(text), true))).toBe(text);
      }),
      { numRuns: 10_000 },
    );
  });

  it("doubled text and variables in turn read as they were put together", () => {
    const parts = fc.array(fc.tuple(braced, name), { maxLength: 6 });
    fc.assert(
      fc.property(parts, (pairs) => {
        const template = pairs.map(([text, variable]) => `${doubled(text)}{${variable}}`).join("");
        expect(read(template)).toBe(pairs.map(([text, variable]) => `${text}<${variable}>`).join(""));
      }),
      { numRuns: 10_000 },
    );
  });

  it("what is read when strict is read the same when not", () => {
    fc.assert(
      fc.property(braced, (template) => {
        let strict: TemplatePart[];
        try {
          strict = parseFString(template, true);
        } catch {
          return;
        }
        expect(parseFString(template, false)).toEqual(strict);
      }),
      { numRuns: 10_000 },
    );
  });

  it("JSON reads as itself, where no string in it has a brace", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "1", " ", ":", "é") });
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.integer(),
        text,
        fc.array(tie("value")),
        fc.dictionary(text, tie("value")),
      ),
    })).value;
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), (value, indent) => {
        const template = JSON.stringify(value, null, indent);
        expect(read(template)).toBe(template);
      }),
      { numRuns: 5_000 },
    );
  });
});

it.each(["{", "}", "{{", "{a", "{a}", "{ ", "{}"])("200,000 times %j is read in one pass", (unit) => {
  const started = performance.now();
  const parts = parseFString(unit.repeat(200_000), false);
  expect(parts.filter((part) => part !== "").length).toBe(unit === "{a}" ? 200_000 : 1);
  expect(performance.now() - started).toBeLessThan(2_000);
});
