import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { coerceMessageLikeToMessage } from "../../src/messages/coerce.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";

describe("the plain form that toDict gives", () => {
  test.each<[string, BaseMessage]>([
    ["human", new HumanMessage({ content: "hi", name: "Ada", id: "1" })],
    ["remove", new RemoveMessage({ id: "1" })],
    ["ai", new AIMessage({ content: "hi", tool_calls: [{ name: "f", args: { x: 1 }, id: "c", type: "tool_call" }] })],
    ["system", new SystemMessage([{ type: "text", text: "be brief" }])],
    ["tool", new ToolMessage({ content: "42", tool_call_id: "c" })],
    ["function", new FunctionMessage({ content: "42", name: "f" })],
    ["generic", new ChatMessage({ content: "hi", role: "critic" })],
  ])("of a message of type %s is taken for it", (_type, message) => {
    const plain = JSON.parse(JSON.stringify(message.toDict()));
    expect(coerceMessageLikeToMessage(plain)).toEqual(message);
  });

  test("is refused with a stored object inside", () => {
    const hostile = { type: "human", data: { lc: 1, type: "constructor", id: ["x"], kwargs: {} } };
    expect(() => coerceMessageLikeToMessage(hostile)).toThrow(
      "Expected the content of a message of type human to be a string or an array of blocks, got undefined.",
    );
  });
});
