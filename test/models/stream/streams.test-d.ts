import { expectTypeOf, test } from "vitest";
import type { StreamEvent } from "../../../src/events/stream-event.ts";
import type { AIMessage } from "../../../src/messages/ai.ts";
import type { ToolCall } from "../../../src/messages/tool-call.ts";
import type { UsageMetadata } from "../../../src/messages/usage.ts";
import type { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { ChatModelStream } from "../../../src/models/stream/chat-model-stream.ts";
import type { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";

declare const model: BaseChatModel;

test("streamEvents of a chat model has the type that its options ask for", () => {
  expectTypeOf(model.streamEvents("a")).toEqualTypeOf<ChatModelStream>();
  expectTypeOf(model.streamEvents("a", { stop: ["."] })).toEqualTypeOf<ChatModelStream>();
  expectTypeOf(model.streamEvents("a", { version: "v2" })).toEqualTypeOf<IterableReadableStream<StreamEvent>>();
  expectTypeOf(model.streamEvents("a", { encoding: "text/event-stream" })).toEqualTypeOf<
    IterableReadableStream<Uint8Array>
  >();
});

test("a stream and its parts are awaited", () => {
  const stream = model.streamEvents("a");
  expectTypeOf<Awaited<typeof stream>>().toEqualTypeOf<AIMessage>();
  expectTypeOf<Awaited<typeof stream.output>>().toEqualTypeOf<AIMessage>();
  expectTypeOf<Awaited<typeof stream.text>>().toEqualTypeOf<string>();
  expectTypeOf<Awaited<typeof stream.toolCalls>>().toEqualTypeOf<ToolCall[]>();
  expectTypeOf<Awaited<typeof stream.usage>>().toEqualTypeOf<UsageMetadata | undefined>();
});
