import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage, ChatMessageChunk } from "../../src/messages/chat.ts";
import { FunctionMessage, FunctionMessageChunk } from "../../src/messages/function.ts";
import * as guards from "../../src/messages/guards.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessage, ToolMessageChunk } from "../../src/messages/tool.ts";

type Guard = Exclude<keyof typeof guards, "isDirectToolOutput">;

/** Each message, and the guards that take it besides those that take all. */
const taken: [BaseMessage, Guard[]][] = [
  [new HumanMessage("a"), ["isHumanMessage"]],
  [new HumanMessageChunk("a"), ["isHumanMessage", "isHumanMessageChunk", "isBaseMessageChunk"]],
  [new AIMessage("a"), ["isAIMessage"]],
  [new AIMessageChunk("a"), ["isAIMessage", "isAIMessageChunk", "isBaseMessageChunk"]],
  [new SystemMessage("a"), ["isSystemMessage"]],
  [new SystemMessageChunk("a"), ["isSystemMessage", "isSystemMessageChunk", "isBaseMessageChunk"]],
  [new ToolMessage("a", "c"), ["isToolMessage"]],
  [
    new ToolMessageChunk({ content: "a", tool_call_id: "c" }),
    ["isToolMessage", "isToolMessageChunk", "isBaseMessageChunk"],
  ],
  [new FunctionMessage("a", "f"), ["isFunctionMessage"]],
  [
    new FunctionMessageChunk({ content: "a", name: "f" }),
    ["isFunctionMessage", "isFunctionMessageChunk", "isBaseMessageChunk"],
  ],
  [new ChatMessage("a", "r"), ["isChatMessage"]],
  [new ChatMessageChunk({ content: "a", role: "r" }), ["isChatMessage", "isChatMessageChunk", "isBaseMessageChunk"]],
  [new RemoveMessage({ id: "m" }), ["isRemoveMessage"]],
];

const table: Record<Guard, (value: unknown) => boolean> = { ...guards };
const names = Object.keys(guards).filter((name): name is Guard => name !== "isDirectToolOutput");

describe("the guards of messages", () => {
  test("are one for each class", () => {
    expect(names).toHaveLength(16);
  });

  test.each(taken)("take a %s for what it is, and for nothing else", (message, own) => {
    const takers = names.filter((name) => table[name](message));
    expect(takers.sort()).toEqual(["isBaseMessage", "isMessage", ...own].sort());
  });

  test.each([
    undefined,
    null,
    3,
    "ai",
    [],
    {},
    () => "ai",
    { type: "ai" },
    { content: "a" },
    { type: 3, content: "a" },
    { type: "ai", content: 3 },
    { getType: () => "ai", _getType: () => "ai" },
  ])("take %j for nothing, and throw at nothing", (value) => {
    expect(names.filter((name) => table[name](value))).toEqual([]);
    expect(guards.isDirectToolOutput(value)).toBe(false);
  });

  test.each([
    { type: "ai", content: "a" },
    { type: "robot", content: [] },
  ])("take the plain object %j for the shape of a message, and for no class", (value) => {
    expect(names.filter((name) => table[name](value))).toEqual(["isMessage"]);
  });
});

describe("isDirectToolOutput", () => {
  test.each([
    [new ToolMessage("a", "c"), true],
    [new ToolMessageChunk({ content: "a", tool_call_id: "c" }), true],
    [{ lc_direct_tool_output: true }, true],
    [{ lc_direct_tool_output: 1 }, false],
    [{ lc_direct_tool_output: false }, false],
    [new HumanMessage("a"), false],
  ])("tells whether %j is a tool's whole answer: %j", (value, is) => {
    expect(guards.isDirectToolOutput(value)).toBe(is);
  });
});
