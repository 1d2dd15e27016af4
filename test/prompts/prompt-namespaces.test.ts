import { expect, it } from "vitest";
import type { PromptMessage } from "../../src/prompts/chat-prompt-items.ts";
import { DictPromptTemplate } from "../../src/prompts/dict-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { FewShotPromptTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { PipelinePromptTemplate } from "../../src/prompts/pipeline-prompt-template.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { HumanMessagePromptTemplate } from "../../src/prompts/role-prompt-templates.ts";
import { StructuredPrompt } from "../../src/prompts/structured-prompt.ts";

const text = PromptTemplate.fromTemplate("x");
const message: PromptMessage = HumanMessagePromptTemplate.fromTemplate("x");

it.each([
  ["image", new ImagePromptTemplate({ template: { url: "x" } })],
  ["dict", new DictPromptTemplate({ template: {} })],
  ["few_shot", new FewShotPromptTemplate({ examples: [], examplePrompt: text })],
  ["few_shot", new FewShotChatMessagePromptTemplate({ examples: [], examplePrompt: message })],
  ["pipeline", new PipelinePromptTemplate({ pipelinePrompts: [], finalPrompt: text })],
  ["structured", new StructuredPrompt({ promptMessages: [], schema: {} })],
])("handlers are told that a prompt of %s is one of the peer's place", (place, prompt) => {
  expect(prompt["~namespace"]).toEqual(["langchain_core", "prompts", place]);
});
