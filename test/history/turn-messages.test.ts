import { afterEach, describe, expect, it, test } from "vitest";
import { inputMessages, outputMessages } from "../../src/history/turn-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";
import { RunToolsOutput } from "../../src/tools/run-tools-output.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";

afterEach(assertNoPoisoning);

const told = (messages: readonly BaseMessage[]): string[] => messages.map(({ type, text }) => `${type} ${text}`);
const human = new HumanMessage("hi");
const ai = new AIMessage("ho");
const hostile = JSON.parse('{"__proto__":"hi","constructor":"ho"}') as Record<string, unknown>;

describe("what a turn is asked with", () => {
  test.each<[what: string, input: unknown, key: string | undefined, messages: string[]]>([
    ["a text", "hi", undefined, ["human hi"]],
    ["an empty text", "", undefined, ["human "]],
    ["a message", human, undefined, ["human hi"]],
    ["a list of messages", [human, ai], undefined, ["human hi", "ai ho"]],
    ["an empty list", [], undefined, []],
    [
      "a list of what stands for messages",
      ["hi", ["ai", "ho"], { role: "user", content: "hm" }],
      undefined,
      ["human hi", "ai ho", "human hm"],
    ],
    ["what a prompt gives", new ChatPromptValue([human, ai]), undefined, ["human hi", "ai ho"]],
    ["an object with one key", { question: "hi" }, undefined, ["human hi"]],
    ["an object with one key and a message", { question: human }, undefined, ["human hi"]],
    ["an object with one key and a list", { question: [human, ai] }, undefined, ["human hi", "ai ho"]],
    ["an object with input and more", { input: "hi", language: "en" }, undefined, ["human hi"]],
    ["an object with the key", { question: "hi", language: "en" }, "question", ["human hi"]],
    ["an object with the key and input", { question: "hi", input: "no" }, "question", ["human hi"]],
    ["a text, though there is a key", "hi", "question", ["human hi"]],
    ["a key that every object inherits", hostile, "__proto__", ["human hi"]],
    ["another such key", hostile, "constructor", ["human ho"]],
  ])("is read of %s", (_what, input, key, messages) => {
    expect(told(inputMessages(input, key))).toEqual(messages);
  });

  test.each<[what: string, input: unknown, key: string | undefined, got: string]>([
    ["nothing", undefined, undefined, "undefined"],
    ["null", null, undefined, "null"],
    ["a number", 5, undefined, "a number 5"],
    ["an object with a number", { question: 5 }, undefined, "a number 5"],
    ["an object with several keys, none of them input", { a: "hi", b: "ho" }, undefined, "undefined"],
    ["an object without the key", { a: "hi" }, "question", "undefined"],
    ["an object that only inherits the key", { a: "hi" }, "constructor", "undefined"],
    ["an empty object", {}, undefined, "undefined"],
  ])("is refused where it is %s", (_what, input, key, got) => {
    const message = `Expected the input of a turn with history to be text, a message or a list of messages, or an object with one of these; got ${got}. Set inputMessagesKey to the key that has it.`;
    expect(() => inputMessages(input, key)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message, data: { side: "input" } }),
    );
  });

  it("is refused where an item of the list is no message", () => {
    expect(() => inputMessages([{ lc: 1 }], undefined)).toThrow(
      expect.objectContaining({ code: "MESSAGE_COERCION_FAILURE" }),
    );
  });

  it("is a list of its own, of the very messages", () => {
    const given = [human];
    const read = inputMessages(given, undefined);
    expect(read).not.toBe(given);
    expect(read[0]).toBe(human);
  });
});

describe("what a turn is answered with", () => {
  const tool = new ToolMessage({ content: "5", tool_call_id: "c1" });
  test.each<[what: string, output: unknown, key: string | undefined, messages: string[]]>([
    ["a text", "ho", undefined, ["ai ho"]],
    ["an empty text", "", undefined, ["ai "]],
    ["a message", ai, undefined, ["ai ho"]],
    ["a list of messages", [ai, tool], undefined, ["ai ho", "tool 5"]],
    ["a list of texts", ["ho"], undefined, ["ai ho"]],
    ["an empty list", [], undefined, []],
    ["what a prompt gives", new ChatPromptValue([ai]), undefined, ["ai ho"]],
    ["an object with one key", { answer: "ho" }, undefined, ["ai ho"]],
    ["an object with output and more", { output: ai, sources: 3 }, undefined, ["ai ho"]],
    ["an object with the key", { answer: [ai], sources: 3 }, "answer", ["ai ho"]],
    ["an agent's output, with a key", new RunToolsOutput({ messages: [ai, tool] }), "messages", ["ai ho", "tool 5"]],
    ["a text, though there is a key", "ho", "answer", ["ai ho"]],
    ["a message, though there is a key that it has", ai, "content", ["ai ho"]],
    ["what a prompt gives, though there is a key", new ChatPromptValue([ai]), "answer", ["ai ho"]],
  ])("is read of %s", (_what, output, key, messages) => {
    expect(told(outputMessages(output, key))).toEqual(messages);
  });

  test.each<[what: string, output: unknown]>([
    ["a chunk", new AIMessageChunk("ho")],
    ["a list of chunks", [new AIMessageChunk("ho")]],
    ["an object with a chunk", { answer: new AIMessageChunk("ho") }],
  ])("is a whole message where it is %s", (_what, output) => {
    const [message] = outputMessages(output, undefined);
    expect(AIMessageChunk.isInstance(message)).toBe(false);
    expect(message).toBeInstanceOf(AIMessage);
    expect(message?.text).toBe("ho");
  });

  test.each<[what: string, output: unknown, key: string | undefined]>([
    ["nothing", undefined, undefined],
    ["a number", 5, undefined],
    ["an object with several keys, none of them output", { a: "hi", b: "ho" }, undefined],
    ["an object without the key", { a: "hi" }, "answer"],
    ["an agent's output, without a key", new RunToolsOutput({ messages: [] }), undefined],
  ])("is refused where it is %s", (_what, output, key) => {
    expect(() => outputMessages(output, key)).toThrow(
      /^Expected the output of a turn .* Set outputMessagesKey to the key that has it\.$/,
    );
  });
});
