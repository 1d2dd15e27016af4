import "../../src/prompts/wiring.ts";
import "../../src/runnables/wiring.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ImagePromptValue } from "../../src/outputs/image-prompt-value.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { DictPromptTemplate } from "../../src/prompts/dict-prompt-template.ts";
import { FewShotChatMessagePromptTemplate } from "../../src/prompts/few-shot-chat-prompt-template.ts";
import { FewShotPromptTemplate } from "../../src/prompts/few-shot-prompt-template.ts";
import { ImagePromptTemplate } from "../../src/prompts/image-prompt-template.ts";
import { LengthBasedExampleSelector } from "../../src/prompts/length-based-example-selector.ts";
import { MessagesPlaceholder } from "../../src/prompts/messages-placeholder.ts";
import { PipelinePromptTemplate } from "../../src/prompts/pipeline-prompt-template.ts";
import { ConditionalPromptSelector, isChatModel, isLLM } from "../../src/prompts/prompt-selector.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";
import { StructuredPrompt } from "../../src/prompts/structured-prompt.ts";
import * as templateFunctions from "../../src/prompts/template-functions.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type RecordedPrompt, recordPrompts } from "../fixtures/prompt-cases.mjs";

const library = {
  ...templateFunctions,
  ChatPromptTemplate,
  ConditionalPromptSelector,
  DictPromptTemplate,
  FewShotChatMessagePromptTemplate,
  FewShotPromptTemplate,
  ImagePromptTemplate,
  ImagePromptValue,
  isChatModel,
  isLLM,
  LengthBasedExampleSelector,
  MessagesPlaceholder,
  PipelinePromptTemplate,
  PromptTemplate,
  RunnableLambda,
  StructuredPrompt,
};

const file = new URL("../fixtures/prompts.json", import.meta.url);
const peer: Record<string, RecordedPrompt> = JSON.parse(readFileSync(file, "utf8"));
const linnet = await recordPrompts(library);

/** What linnet gives otherwise; each a row of docs/decisions. */
const decided: Record<string, (gives: never) => unknown> = {
  // The value of an image is its URL.
  "an image as a prompt value": ([text, , content]: unknown[]) => [text, "U", content, "x"],
  // What stands in an inverted section counts as what stands in another.
  "pieces of mustache": (pieces: object[]) => [...pieces, { type: "literal", text: "n" }],
  "template: an inverted mustache section in a section": ([names, text]: [string[], string]) => [
    [...names, "name"],
    text,
  ],
};

function expected(name: string): RecordedPrompt {
  const { gives, fails } = peer[name] as RecordedPrompt;
  if (fails) return { fails };
  const decide = decided[name];
  if (decide !== undefined) return { gives: decide(gives as never) };
  if (!name.startsWith("template:")) return { gives };
  const [variables, text] = gives as [string[], string];
  return { gives: [variables.filter((variable) => variable !== "" && variable !== "."), text] };
}

describe("the peer and linnet", () => {
  it("run the same programs", () => {
    expect(Object.keys(linnet)).toEqual(Object.keys(peer));
  });

  it.each(Object.keys(peer))("give the same for %s", (name) => {
    expect(linnet[name]).toEqual(expected(name));
  });
});
