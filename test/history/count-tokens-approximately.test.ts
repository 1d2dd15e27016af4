import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CountTokensApproximatelyOptions,
  countTokensApproximately,
} from "../../src/history/count-tokens-approximately.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";
import { conversation } from "./conversations.ts";

const call = { id: "1", name: "find", args: { bird: "wren" } };
const callLength = JSON.stringify(call).length;
const image = { type: "image", mimeType: "image/png", data: "A".repeat(10_000) };

/** What a message costs: the characters of all that is said of it, by four and rounded up, and three more. */
function costOf(characters: number): number {
  return Math.ceil(characters / 4) + 3;
}

describe("countTokensApproximately", () => {
  test.each<[fact: string, message: BaseMessage, tokens: number]>([
    ["the role of a person", new HumanMessage(""), costOf("user".length)],
    ["the role of a model", new AIMessage(""), costOf("assistant".length)],
    ["the role of a system message", new SystemMessage(""), costOf("system".length)],
    ["a role of a provider's own", new ChatMessage("", "a critic of poems"), costOf("a critic of poems".length)],
    ["a text", new HumanMessage("Which bird sings at night?"), costOf("user".length + 26)],
    ["a name", new HumanMessage({ content: "hi", name: "ada lovelace" }), costOf("user".length + 2 + 12)],
    ["a function's name", new FunctionMessage({ content: "r", name: "f" }), costOf("function".length + 2)],
    [
      "the call that a tool answers",
      new ToolMessage({ content: "r", tool_call_id: "call-1234" }),
      costOf("tool".length + 1 + 9),
    ],
    [
      "parts that are texts",
      new HumanMessage([
        { type: "text", text: "four" },
        { type: "text", text: "five!" },
      ]),
      costOf("user".length + 9),
    ],
    [
      "parts that are no texts, by their JSON",
      new HumanMessage([{ type: "x", y: 1 }]),
      costOf("user".length + '{"type":"x","y":1}'.length),
    ],
    [
      "tool calls, by their JSON",
      new AIMessage({ content: "", tool_calls: [call] }),
      costOf("assistant".length + callLength),
    ],
    [
      "calls that cannot be read",
      new AIMessage({ content: "", invalid_tool_calls: [{ args: "{" }] }),
      costOf("assistant".length + '{"args":"{"}'.length),
    ],
    [
      "calls that stand in the content too once",
      new AIMessage({ content: [{ type: "tool_call", ...call }], tool_calls: [call] }),
      costOf("assistant".length + JSON.stringify({ type: "tool_call", ...call }).length),
    ],
    [
      "calls without an id beside parts without one",
      new AIMessage({ content: [{ type: "tool_call" }], tool_calls: [{ name: "f", args: {} }] }),
      costOf("assistant".length + '{"type":"tool_call"}'.length + '{"name":"f","args":{}}'.length),
    ],
    ["an image, whatever its size", new HumanMessage([image]), costOf("user".length) + 85],
    [
      "several images, of any provider",
      new HumanMessage([
        { type: "image_url", image_url: "u" },
        { type: "text", text: "four" },
        { type: "input_image" },
      ]),
      costOf("user".length + 4) + 2 * 85,
    ],
    [
      "bytes as base64",
      new HumanMessage([{ type: "file", data: new Uint8Array(100) }]),
      costOf("user".length + '{"type":"file","data":""}'.length + 136),
    ],
  ])("counts %s", (_fact, message, tokens) => {
    expect(countTokensApproximately([message])).toBe(tokens);
  });

  test.each<[fact: string, options: CountTokensApproximatelyOptions, tokens: number]>([
    ["by default", {}, costOf(4 + 2 + 3) + 85],
    ["with more tokens for each text", { charsPerToken: 1 }, 9 + 3 + 85],
    ["with nothing for each message", { extraTokensPerMessage: 0 }, 3 + 85],
    ["with a part of a token for each message", { extraTokensPerMessage: 0.5 }, 4 + 85],
    ["without names", { countName: false }, costOf(4 + 2) + 85],
    ["with images of another price", { tokensPerImage: 1_000 }, costOf(4 + 2 + 3) + 1_000],
  ])("counts %s", (_fact, options, tokens) => {
    const message = new HumanMessage({ content: [{ type: "text", text: "hi" }, image], name: "ada" });
    expect(countTokensApproximately([message], options)).toBe(tokens);
  });

  test.each([0, -1, Number.NaN, "4"])("refuses %j characters per token", (charsPerToken) => {
    expect(() => countTokensApproximately([], { charsPerToken: charsPerToken as number })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });

  test("takes what stands for messages, and what a prompt gives", () => {
    expect(countTokensApproximately(["hi", ["ai", "hi"]])).toBe(costOf(6) + costOf(11));
    expect(countTokensApproximately(new ChatPromptValue([new HumanMessage("hi")]))).toBe(costOf(6));
    expect(countTokensApproximately([])).toBe(0);
  });

  test("survives what cannot be written as JSON, and parts that are no objects", () => {
    const circle: Record<string, unknown> = { type: "x" };
    circle.self = circle;
    const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    const parts = [
      circle,
      { type: "x", big: 1n },
      null,
      undefined,
      { type: "text", text: undefined },
      { type: "y", deep },
    ];
    expect(countTokensApproximately([new HumanMessage(parts as ContentBlock[])])).toBeGreaterThan(3);
    const odd = Object.assign(new AIMessage("hi"), { content: null, tool_calls: null, name: 3 });
    expect(countTokensApproximately([odd])).toBe(costOf("assistant".length + 1));
  });

  test("adds: a list counts what its messages count", () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const alone = messages.map((message) => countTokensApproximately([message]));
        expect(countTokensApproximately(messages)).toBe(alone.reduce((sum, tokens) => sum + tokens, 0));
      }),
    );
  });
});
