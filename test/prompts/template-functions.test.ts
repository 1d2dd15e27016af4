import "../../src/prompts/wiring.ts";
import { describe, expect, it } from "vitest";
import {
  checkValidTemplate,
  interpolateFString,
  interpolateMustache,
  parseFString,
  parseMustache,
  parseTemplate,
  renderTemplate,
} from "../../src/prompts/template-functions.ts";

const literal = (text: string) => ({ type: "literal", text });
const variable = (name: string) => ({ type: "variable", name });

describe("the pieces of a template", () => {
  it("are texts and variables", () => {
    const pieces = [literal("a{"), variable("b"), literal("c")];
    expect(parseFString("a{{{b}c")).toEqual(pieces);
    expect(parseTemplate("a{{{b}c", "f-string")).toEqual(pieces);
  });

  it("of mustache are those of its sections too", () => {
    const pieces = [variable("a"), variable("c"), literal("x"), variable(""), variable("d")];
    const template = "{{a.b}}{{#c}}x{{.}}{{/c}}\n{{! e }}\n{{^d}}{{/d}}".replace("\n{{! e }}\n", "");
    expect(parseMustache(template)).toEqual(pieces);
    expect(parseTemplate(template, "mustache")).toEqual(pieces);
    expect(parseMustache(" {{! alone }}\n")).toEqual([]);
  });

  it("are of no other format", () => {
    expect(() => parseTemplate("x", "jinja2" as "mustache")).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE" }),
    );
  });
});

describe("a template that is filled at once", () => {
  it("is of either format", () => {
    expect(renderTemplate("{a}", "f-string", { a: 1 })).toBe("1");
    expect(renderTemplate("{{a}}", "mustache", { a: 1 })).toBe("1");
    expect(interpolateFString("{a}{{", { a: 1 })).toBe("1{");
    expect(interpolateMustache("{{a.b}}", { a: { b: 2 } })).toBe("2");
  });

  it("names what is missing", () => {
    expect(() => interpolateFString("{a}", { b: 1 })).toThrow(
      expect.objectContaining({ data: { variable: "a", given: ["b"] } }),
    );
  });
});

describe("a check of a template", () => {
  it("finds a variable that is not among those given", () => {
    expect(() => checkValidTemplate("{a}", "f-string", ["a", "b"])).not.toThrow();
    expect(() => checkValidTemplate("{a}{b}", "f-string", ["a"])).toThrow(
      'Expected "b", a variable of the template, in inputVariables',
    );
    expect(() => checkValidTemplate("{{a}}", "mustache", [])).not.toThrow();
    expect(() => checkValidTemplate("{{#a}}", "mustache", [])).toThrow(
      expect.objectContaining({ code: "INVALID_TEMPLATE" }),
    );
  });
});
