import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { promptText } from "../../src/prompts/prompt-text.ts";

describe("promptText", () => {
  it("has a variable for each name between its texts", async () => {
    const prompt = promptText`${"a"} and ${"b"}, ${"a"}`;
    expect(prompt).toBeInstanceOf(PromptTemplate);
    expect(prompt.inputVariables).toEqual(["a", "b"]);
    expect(await prompt.format({ a: 1, b: "{a}" })).toBe("1 and {a}, 1");
  });

  it("leaves every brace of its texts alone", async () => {
    const prompt = promptText`{"a": {${"a"}}} {a} {{a}} }{ {${"a"}`;
    expect(prompt.inputVariables).toEqual(["a"]);
    expect(await prompt.format({ a: 1 })).toBe('{"a": {1}} {a} {{a}} }{ {1');
  });

  it("gives any text as it is", async () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom("{", "}", "{a}", "{{", "$&")), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const prompt = promptText(all as unknown as TemplateStringsArray, ...all.slice(1).map(() => "a"));
        expect(await prompt.format({ a: "<A>" })).toBe(all.join("<A>"));
      }),
    );
  });

  it("without a name is a text", async () => {
    expect(await promptText`{plain}`.format({})).toBe("{plain}");
    expect(await promptText``.format({})).toBe("");
  });

  it.each(["", "a b", "a.b", "0", "{a}", "a} {b", "a}{b", "}{a}{"])("refuses %j as a name", (name) => {
    expect(() => promptText`x${name}`).toThrow(
      expect.objectContaining({
        code: "INVALID_TEMPLATE",
        message: expect.stringContaining("Expected an identifier as the name of a variable"),
      }),
    );
  });

  it("refuses an escape that says nothing", () => {
    expect(() => promptText`\u`).toThrow("Expected a text without undefined escapes");
  });

  it("may stand in a chat prompt, with a role or alone", async () => {
    const prompt = ChatPromptTemplate.fromMessages([
      ["system", promptText`Answer as {"answer": ${"kind"}}.`],
      promptText`${"question"}`,
    ]);
    expect(prompt.inputVariables).toEqual(["kind", "question"]);
    expect(await prompt.format({ kind: "text", question: "{why}" })).toBe(
      'System: Answer as {"answer": text}.\nHuman: {why}',
    );
  });
});
