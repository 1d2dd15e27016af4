import { describe, expect, it } from "vitest";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { FewShotPromptTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { PipelinePromptTemplate } from "../../src/prompts/pipeline-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { StructuredPrompt } from "../../src/prompts/structured-prompt.ts";

const outputParser = new StringOutputParser();
const examplePrompt = PromptTemplate.fromTemplate("{q}");
const examples = [{ q: 1 }];

describe("a prompt's output parser", () => {
  it.each([
    ["PromptTemplate", PromptTemplate.fromTemplate("{a}", { outputParser })],
    ["ChatPromptTemplate", ChatPromptTemplate.fromMessages(["{a}"], { outputParser })],
    ["ChatPromptTemplate.fromTemplate", ChatPromptTemplate.fromTemplate("{a}", { outputParser })],
    ["StructuredPrompt", new StructuredPrompt({ promptMessages: [], schema: {}, outputParser })],
    ["FewShotPromptTemplate", new FewShotPromptTemplate({ examples, examplePrompt, outputParser })],
    [
      "FewShotChatMessagePromptTemplate",
      new FewShotChatMessagePromptTemplate({
        examples,
        examplePrompt: ChatPromptTemplate.fromMessages([]),
        outputParser,
      }),
    ],
    ["ImagePromptTemplate", new ImagePromptTemplate({ template: { url: "x" }, outputParser })],
    [
      "PipelinePromptTemplate",
      new PipelinePromptTemplate({ pipelinePrompts: [], finalPrompt: examplePrompt, outputParser }),
    ],
  ])("of %s is kept, also by partial()", (_what, prompt) => {
    expect(prompt.outputParser).toBe(outputParser);
    expect(prompt.partial({ a: 1 }).outputParser).toBe(outputParser);
  });

  it("is none of the parts'", () => {
    const prompt = ChatPromptTemplate.fromMessages([["human", "{a}"]], { outputParser });
    expect(prompt.promptMessages[0]).toMatchObject({ prompt: { outputParser: undefined } });
    expect(PromptTemplate.fromTemplate("{a}").outputParser).toBeUndefined();
  });
});

describe("what a few-shot prompt was made of", () => {
  const exampleSelector = { selectExamples: async () => examples };

  it("can be read", () => {
    const prompt = new FewShotPromptTemplate({
      examples,
      examplePrompt,
      prefix: "P",
      suffix: "S",
      exampleSeparator: "|",
    });
    const said = {
      examples,
      examplePrompt,
      prefix: "P",
      suffix: "S",
      exampleSeparator: "|",
      templateFormat: "f-string",
    };
    expect(prompt).toMatchObject(said);
    expect(prompt.partial({})).toMatchObject(said);
    const chosen = new FewShotPromptTemplate({ exampleSelector, examplePrompt });
    expect(chosen).toMatchObject({
      examples: undefined,
      exampleSelector,
      prefix: "",
      suffix: "",
      exampleSeparator: "\n\n",
    });
  });

  it("can be read of messages", () => {
    const messages = ChatPromptTemplate.fromMessages(["{q}"]);
    const prompt = new FewShotChatMessagePromptTemplate({ exampleSelector, examplePrompt: messages as never });
    expect(prompt).toMatchObject({ examples: undefined, exampleSelector, examplePrompt: messages });
  });
});

describe("partial", () => {
  it("keeps the limit and the strictness of a few-shot prompt", async () => {
    const prompt = new FewShotPromptTemplate({ examples, examplePrompt, prefix: "{a}", maxLength: 8 });
    await expect(prompt.partial({ a: "123456789" }).format({})).rejects.toMatchObject({ code: "INVALID_PROMPT_INPUT" });
  });

  it("is not reached by what is done with the fields later", async () => {
    const promptMessages = [...ChatPromptTemplate.fromMessages(["{a}{b}"]).promptMessages];
    const prompt = new ChatPromptTemplate({ promptMessages });
    const [first] = promptMessages.splice(0);
    expect(first).toBeDefined();
    expect(await prompt.partial({ a: 1 }).format({ b: 2 })).toBe("Human: 12");
    expect(prompt.partial({ a: 1 }).inputVariables).toEqual(["b"]);
  });

  it("keeps variables that nothing uses", () => {
    const prompt = new PromptTemplate({ template: "{a}", inputVariables: ["a", "more"] });
    expect(prompt.partial({ a: 1 }).inputVariables).toEqual(["more"]);
  });
});
