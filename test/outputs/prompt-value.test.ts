import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { BasePromptValue, ChatPromptValue, StringPromptValue } from "../../src/outputs/prompt-value.ts";

describe("StringPromptValue", () => {
  const value = new StringPromptValue("say hi");

  test("is one text, and as messages what a person says", () => {
    expect(value.value).toBe("say hi");
    expect(value.toString()).toBe("say hi");
    expect(String(value)).toBe("say hi");
    expect(value.toChatMessages()).toStrictEqual([new HumanMessage("say hi")]);
    expect(value).toBeInstanceOf(BasePromptValue);
  });

  test("is shown and stored with its class", () => {
    expect(inspect(value)).toBe("StringPromptValue { value: 'say hi' }");
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "prompt_values", "StringPromptValue"],
      kwargs: { value: "say hi" },
    });
    expect(Object.prototype.toString.call(value)).toBe("[object StringPromptValue]");
  });
});

describe("ChatPromptValue", () => {
  const messages = [new SystemMessage("be brief"), new HumanMessage("hi"), new AIMessage("hello")];
  const value = new ChatPromptValue(messages);

  test("is a list of messages, and as text a line each", () => {
    expect(value.messages).toBe(messages);
    expect(value.toChatMessages()).toBe(messages);
    expect(String(value)).toBe("System: be brief\nHuman: hi\nAI: hello");
    expect(new ChatPromptValue({ messages })).toStrictEqual(value);
  });

  test("is shown and stored with its class", () => {
    expect(inspect(new ChatPromptValue([new HumanMessage("hi")]))).toBe(
      "ChatPromptValue { messages: [ HumanMessage { content: 'hi' } ] }",
    );
    expect(inspect(new ChatPromptValue([]))).toBe("ChatPromptValue { messages: [] }");
    const stored = JSON.parse(JSON.stringify(value)) as { id: string[]; kwargs: { messages: { id: string[] }[] } };
    expect(stored.id).toEqual(["langchain_core", "prompt_values", "ChatPromptValue"]);
    expect(stored.kwargs.messages.map((message) => message.id.at(-1))).toEqual([
      "SystemMessage",
      "HumanMessage",
      "AIMessage",
    ]);
  });
});

describe("a prompt value of one's own", () => {
  test("is shown and stored by its fields", () => {
    class PictureValue extends BasePromptValue {
      static override lc_name(): string {
        return "PictureValue";
      }
      override get lc_kwargs(): Record<string, unknown> {
        return { url: "u" };
      }
      override toString(): string {
        return "u";
      }
      override toChatMessages(): HumanMessage[] {
        return [new HumanMessage("u")];
      }
    }
    expect(inspect(new PictureValue())).toBe("PictureValue { url: 'u' }");
    expect(new PictureValue().toJSON().id).toEqual(["langchain_core", "prompt_values", "PictureValue"]);
    expect(BasePromptValue.lc_name()).toBe("BasePromptValue");
  });
});
