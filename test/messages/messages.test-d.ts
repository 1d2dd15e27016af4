import { describe, expectTypeOf, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseMessage } from "../../src/messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../../src/messages/coerce.ts";
import type { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { BaseMessageChunk } from "../../src/messages/message-chunk.ts";
import type { ToolMessage } from "../../src/messages/tool.ts";
import type { ToolCall } from "../../src/messages/tool-call.ts";
import { accumulate, concatAll } from "../../src/streams/accumulator.ts";
import { concat } from "../../src/streams/concat.ts";

describe("the types of messages", () => {
  test("let a chunk stand for its message and for the base of chunks", () => {
    expectTypeOf<AIMessageChunk>().toExtend<AIMessage>();
    expectTypeOf<AIMessageChunk>().toExtend<BaseMessageChunk>();
    expectTypeOf<HumanMessageChunk>().toExtend<HumanMessage>();
    expectTypeOf<HumanMessage>().not.toExtend<AIMessage>();
  });

  test("tell messages apart by their type", () => {
    const told = (message: AIMessage | HumanMessage | ToolMessage): string => {
      switch (message.type) {
        case "ai":
          expectTypeOf(message.tool_calls).toEqualTypeOf<ToolCall[]>();
          return "ai";
        case "human":
          return "human";
        case "tool":
          return message.tool_call_id;
      }
    };
    expectTypeOf(told).returns.toEqualTypeOf<string>();
  });

  test("narrow by isInstance", () => {
    const value = {} as unknown;
    if (BaseMessage.isInstance(value)) expectTypeOf(value).toEqualTypeOf<BaseMessage>();
    if (AIMessage.isInstance(value)) expectTypeOf(value).toEqualTypeOf<AIMessage>();
    if (AIMessageChunk.isInstance(value)) expectTypeOf(value).toEqualTypeOf<AIMessageChunk>();
    if (BaseMessageChunk.isInstance(value)) expectTypeOf(value).toEqualTypeOf<BaseMessageChunk>();
  });

  test("keep the class through sums", () => {
    const chunk = new AIMessageChunk("a");
    expectTypeOf(chunk.concat(chunk)).toEqualTypeOf<AIMessageChunk>();
    expectTypeOf(concat(chunk, chunk)).toEqualTypeOf<AIMessageChunk>();
    expectTypeOf(accumulate(chunk).value()).toEqualTypeOf<AIMessageChunk>();
    expectTypeOf(concatAll([chunk])).toEqualTypeOf<AIMessageChunk | undefined>();
  });

  test("take what stands for a message", () => {
    expectTypeOf<string>().toExtend<MessageLike>();
    expectTypeOf<["system", "a"]>().toExtend<MessageLike>();
    expectTypeOf<{ role: "user"; content: string }>().toExtend<MessageLike>();
    expectTypeOf<HumanMessage>().toExtend<MessageLike>();
    expectTypeOf<number>().not.toExtend<MessageLike>();
    expectTypeOf(coerceMessageLikeToMessage).returns.toEqualTypeOf<BaseMessage>();
  });
});
