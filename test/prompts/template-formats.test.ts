import { expect, it } from "vitest";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";

it("mustache says which import is missing where it is not wired", () => {
  expect(() => PromptTemplate.fromTemplate("{{a}}", { templateFormat: "mustache" })).toThrow(
    'Expected "f-string" as the templateFormat, or "mustache" where "linnet" is imported, got a string "mustache".',
  );
});

it.each(["constructor", "__proto__", "", "jinja2"])("%j is no format", (templateFormat) => {
  expect(() => PromptTemplate.fromTemplate("x", { templateFormat: templateFormat as "f-string" })).toThrow(
    expect.objectContaining({ code: "INVALID_TEMPLATE" }),
  );
});
