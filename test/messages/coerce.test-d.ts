import { describe, expectTypeOf, test } from "vitest";
import type { AIMessage } from "../../src/messages/ai.ts";
import type { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { ChatMessage } from "../../src/messages/chat.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../../src/messages/coerce.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import { convertToChunk, messageChunkToMessage } from "../../src/messages/convert-to-chunk.ts";
import { isAIMessage, isBaseMessage, isHumanMessageChunk, isMessage } from "../../src/messages/guards.ts";
import type { HumanMessageChunk } from "../../src/messages/human.ts";
import type { BaseMessageChunk } from "../../src/messages/message-chunk.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { mapChatMessagesToStoredMessages, mapStoredMessagesToChatMessages } from "../../src/messages/stored.ts";
import type { StoredMessage } from "../../src/messages/stored-message.ts";
import type { Message } from "../../src/messages/structure.ts";

describe("what is taken for a message", () => {
  test("is a message, a text, a pair or a plain object", () => {
    expectTypeOf<BaseMessage>().toExtend<MessageLike>();
    expectTypeOf<AIMessageChunk>().toExtend<MessageLike>();
    expectTypeOf<ChatMessage>().toExtend<MessageLike>();
    expectTypeOf<RemoveMessage>().toExtend<MessageLike>();
    expectTypeOf<string>().toExtend<MessageLike>();
    expectTypeOf<[string, string]>().toExtend<MessageLike>();
    expectTypeOf<readonly ["user", string]>().toExtend<MessageLike>();
    expectTypeOf<["human", ContentBlock[]]>().toExtend<MessageLike>();
    expectTypeOf<{ role: "user"; content: string }>().toExtend<MessageLike>();
    expectTypeOf<{ role: string; content: string; id: number }>().toExtend<MessageLike>();
    expectTypeOf<{ type: "remove"; id: string }>().toExtend<MessageLike>();
    expectTypeOf<{ role: "assistant"; content: null; tool_calls: unknown[] }>().toExtend<MessageLike>();
    expectTypeOf<StoredMessage>().toExtend<MessageLike>();
  });

  test("is nothing else", () => {
    expectTypeOf<number>().not.toExtend<MessageLike>();
    expectTypeOf<null>().not.toExtend<MessageLike>();
    expectTypeOf<undefined>().not.toExtend<MessageLike>();
    expectTypeOf<[string]>().not.toExtend<MessageLike>();
    expectTypeOf<[string, string, string]>().not.toExtend<MessageLike>();
    expectTypeOf<{ role: number; content: string }>().not.toExtend<MessageLike>();
    expectTypeOf<{ role: "user"; content: number }>().not.toExtend<MessageLike>();
  });

  test("becomes a message", () => {
    expectTypeOf(coerceMessageLikeToMessage).returns.toEqualTypeOf<BaseMessage>();
  });
});

describe("forms of messages", () => {
  test("are made of messages, and messages of them", () => {
    expectTypeOf(mapChatMessagesToStoredMessages).returns.toEqualTypeOf<StoredMessage[]>();
    expectTypeOf(mapStoredMessagesToChatMessages).returns.toEqualTypeOf<BaseMessage[]>();
    expectTypeOf(mapChatMessagesToStoredMessages([])).toExtend<Parameters<typeof mapStoredMessagesToChatMessages>[0]>();
    expectTypeOf(convertToChunk).returns.toEqualTypeOf<BaseMessageChunk>();
    expectTypeOf(messageChunkToMessage).returns.toEqualTypeOf<BaseMessage>();
  });

  test("are narrowed by guards", () => {
    const value = {} as unknown;
    if (isMessage(value)) expectTypeOf(value).toEqualTypeOf<Message>();
    if (isBaseMessage(value)) expectTypeOf(value).toEqualTypeOf<BaseMessage>();
    if (isAIMessage(value)) expectTypeOf(value).toEqualTypeOf<AIMessage>();
    if (isHumanMessageChunk(value)) expectTypeOf(value).toEqualTypeOf<HumanMessageChunk>();
    expectTypeOf<BaseMessage>().toExtend<Message>();
  });

  test("need the id of the message to remove", () => {
    expectTypeOf(new RemoveMessage({ id: "m" }).id).toEqualTypeOf<string>();
    // @ts-expect-error there is no id
    expectTypeOf(() => new RemoveMessage({})).toBeFunction();
    // @ts-expect-error it says nothing
    expectTypeOf(() => new RemoveMessage({ id: "m", content: "a" })).toBeFunction();
  });
});
