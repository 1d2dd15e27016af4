import "../../src/prompts/wiring.ts";
import { describe, expect, it } from "vitest";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { FewShotPromptTemplate, type SerializedFewShotTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { PipelinePromptTemplate } from "../../src/prompts/pipeline-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { HumanMessagePromptTemplate } from "../../src/prompts/role-prompt-templates.ts";
import { StructuredPrompt } from "../../src/prompts/structured-prompt.ts";

const examplePrompt = PromptTemplate.fromTemplate("{q}={a}");
const examples = [{ q: "1+1", a: "{2}" }];

function copied<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data));
}

describe("a prompt's plain form", () => {
  it.each([
    ["an f-string", PromptTemplate.fromTemplate("{a} {{b}}"), "f-string", "1 {b}"],
    ["mustache", PromptTemplate.fromTemplate("{{a}} {b}", { templateFormat: "mustache" }), "mustache", "1 {b}"],
  ])("of %s is data that makes it again", async (_what, prompt, template_format, text) => {
    const stored = copied(prompt.serialize());
    expect(stored).toEqual({ _type: "prompt", input_variables: ["a"], template: prompt.template, template_format });
    const again = await PromptTemplate.deserialize(stored);
    expect(again.templateFormat).toBe(template_format);
    expect(await again.format({ a: 1 })).toBe(text);
  });

  it("has no held values: they are variables again", async () => {
    const stored = PromptTemplate.fromTemplate("{key}{a}").partial({ key: "sk-1" }).serialize();
    expect(JSON.stringify(stored)).not.toContain("sk-1");
    expect(stored.input_variables).toEqual(["key", "a"]);
    expect((await PromptTemplate.deserialize(stored)).inputVariables).toEqual(["key", "a"]);
  });

  it("is not shared with the prompt", () => {
    const prompt = PromptTemplate.fromTemplate("{a}");
    (prompt.serialize().input_variables as string[]).push("b");
    expect(prompt.serialize().input_variables).toEqual(["a"]);
  });

  it("is an f-string where it does not say", async () => {
    const prompt = await PromptTemplate.deserialize({ input_variables: [], template: "{a}" });
    expect(await prompt.format({ a: 1 })).toBe("1");
  });

  it.each<[what: string, data: object]>([
    ["no template", { _type: "prompt", input_variables: [] }],
    ["an array as template", { input_variables: [], template: ["{a}"] }],
    ["another format", { input_variables: [], template: "x", template_format: "jinja2" }],
  ])("with %s is refused", async (_what, data) => {
    await expect(PromptTemplate.deserialize(data as never)).rejects.toMatchObject({ code: "INVALID_TEMPLATE" });
  });

  it("of few shots has its examples", async () => {
    const prompt = new FewShotPromptTemplate({
      examples,
      examplePrompt,
      prefix: "{p}",
      suffix: "{s}{p}",
      exampleSeparator: "|",
      partialVariables: { s: "S" },
    });
    const stored = prompt.serialize();
    expect(stored).toEqual({
      _type: "few_shot",
      input_variables: ["p", "s"],
      example_prompt: examplePrompt.serialize(),
      example_separator: "|",
      prefix: "{p}",
      suffix: "{s}{p}",
      template_format: "f-string",
      examples,
    });
    expect(stored.examples).not.toBe(prompt.examples);
    const again = await FewShotPromptTemplate.deserialize(copied(stored));
    expect(await again.format({ p: 1, s: 2 })).toBe("1|1+1={2}|21");
  });

  it("of few shots may leave out what has a default", async () => {
    const data: SerializedFewShotTemplate = {
      input_variables: [],
      examples,
      example_prompt: { input_variables: [], template: "{q}" },
    };
    expect(await (await FewShotPromptTemplate.deserialize(data)).format({})).toBe("\n\n1+1\n\n");
  });

  it.each<[what: string, change: object, code: string]>([
    ["the name of a file as examples", { examples: "./examples.json" }, "NOT_SUPPORTED"],
    ["no examples", { examples: undefined }, "NOT_SUPPORTED"],
    ["no example prompt", { example_prompt: undefined }, "INVALID_TEMPLATE"],
    ["a format that is not known", { template_format: "jinja2" }, "INVALID_TEMPLATE"],
  ])("of few shots with %s is refused", async (_what, change, code) => {
    const stored = new FewShotPromptTemplate({ examples, examplePrompt }).serialize();
    await expect(FewShotPromptTemplate.deserialize({ ...stored, ...change } as never)).rejects.toMatchObject({ code });
  });

  it("of few shots is refused where examples are chosen, or made by another prompt", () => {
    const exampleSelector = { selectExamples: async () => [] };
    const chosen = new FewShotPromptTemplate({ exampleSelector, examplePrompt });
    const nested = new FewShotPromptTemplate({ examples, examplePrompt: chosen });
    expect(() => chosen.serialize()).toThrow("Expected a list of examples in a plain few-shot prompt, got an example");
    expect(() => nested.serialize()).toThrow("Expected a PromptTemplate as the example prompt");
  });
});

it.each([
  ["prompt", examplePrompt],
  ["chat", ChatPromptTemplate.fromMessages([])],
  ["chat", StructuredPrompt.fromMessagesAndSchema([], {})],
  ["few_shot", new FewShotPromptTemplate({ examples, examplePrompt })],
  [
    "few_shot_chat",
    new FewShotChatMessagePromptTemplate({
      examples,
      examplePrompt: HumanMessagePromptTemplate.fromTemplate("{q}") as never,
    }),
  ],
  ["prompt", new ImagePromptTemplate({ template: { url: "x" } })],
  ["pipeline", new PipelinePromptTemplate({ pipelinePrompts: [], finalPrompt: examplePrompt })],
])("says what kind of prompt it is: %s", (type, prompt) => {
  expect(prompt._getPromptType()).toBe(type);
});
