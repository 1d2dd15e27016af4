import { describe, expect, it, vi } from "vitest";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import { LLM } from "../../src/models/llm.ts";
import { ChatPromptTemplate } from "../../src/prompts/chat-prompt-template.ts";
import { ConditionalPromptSelector, isChatModel, isLLM } from "../../src/prompts/prompt-selector.ts";
import { PromptTemplate } from "../../src/prompts/prompt-template.ts";

class Echo extends LLM {
  override _llmType(): string {
    return "echo";
  }
  override async _call(prompt: string): Promise<string> {
    return prompt;
  }
}

const chatModel = new ChatParrotLink({ model: "m", parrotBufferLength: 3 });
const llm = new Echo({});
const text = PromptTemplate.fromTemplate("{q}");
const chat = ChatPromptTemplate.fromTemplate("{q}");

describe("the kind of a model", () => {
  it.each<[what: string, model: object, chat: boolean, llm: boolean]>([
    ["a chat model", chatModel, true, false],
    ["an LLM", llm, false, true],
    ["a chat model of the peer", { _modelType: () => "base_chat_model" }, true, false],
    ["an LLM of the peer", { _modelType: () => "base_llm" }, false, true],
    ["anything else", {}, false, false],
    ["a prompt", text, false, false],
  ])("of %s is known", (_what, model, isChat, isText) => {
    expect(isChatModel(model)).toBe(isChat);
    expect(isLLM(model)).toBe(isText);
  });
});

describe("a prompt for a model", () => {
  it("is that of the first condition that holds, else the default", () => {
    const never = vi.fn(() => false);
    const selector = new ConditionalPromptSelector(text, [
      [never, chat],
      [isChatModel, chat],
      [() => true, text],
    ]);
    expect(selector.getPrompt(chatModel)).toBe(chat);
    expect(selector.getPrompt(llm)).toBe(text);
    expect(never).toHaveBeenCalledWith(chatModel);
    expect(new ConditionalPromptSelector(chat).getPrompt(llm)).toBe(chat);
  });

  it("may hold values", async () => {
    const selector = new ConditionalPromptSelector(text);
    expect((await selector.getPromptAsync(llm)).inputVariables).toEqual(["q"]);
    expect((await selector.getPromptAsync(llm, { partialVariables: { q: 1 } })).inputVariables).toEqual([]);
  });
});
