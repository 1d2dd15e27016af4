import { expectTypeOf, test } from "vitest";
import type { StreamEvent } from "../../../src/events/stream-event.ts";
import type { AIMessage } from "../../../src/messages/ai.ts";
import type { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { ToolCall } from "../../../src/messages/tool-call.ts";
import type { UsageMetadata } from "../../../src/messages/usage.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { BaseLanguageModelInput } from "../../../src/models/base-language-model.ts";
import type { BoundChatModel } from "../../../src/models/bound-chat-model.ts";
import type { BaseLanguageModelCallOptions } from "../../../src/models/call-options.ts";
import type { ChatModelStream } from "../../../src/models/stream/chat-model-stream.ts";
import { wrapModel } from "../../../src/models/wrap-model.ts";
import type { Runnable } from "../../../src/runnables/runnable.ts";
import type { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import { fakeModel } from "../../../src/testing/fake-model.ts";

declare const model: BaseChatModel;

test("streamEvents of a chat model has the type that its options ask for", () => {
  expectTypeOf(model.streamEvents("a")).toEqualTypeOf<ChatModelStream>();
  expectTypeOf(model.streamEvents("a", { stop: ["."] })).toEqualTypeOf<ChatModelStream>();
  expectTypeOf(model.streamEvents("a", { version: "v2" })).toEqualTypeOf<IterableReadableStream<StreamEvent>>();
  expectTypeOf(model.streamEvents("a", { encoding: "text/event-stream" })).toEqualTypeOf<
    IterableReadableStream<Uint8Array>
  >();
});

test("a binding of a chat model streams as the model does", () => {
  const bindings = [
    model.bind({ stop: ["."] }),
    model.withConfig({ tags: ["t"] }),
    model.withListeners({}),
    model.configurableFields({}),
    model.bind({}).configurableFields({}),
    model.bind({}).withConfig({}).withListeners({}).bind({}),
  ];
  for (const bound of bindings) {
    expectTypeOf(bound).toEqualTypeOf<BoundChatModel>();
    expectTypeOf(bound.streamEvents("a")).toEqualTypeOf<ChatModelStream>();
    expectTypeOf(bound.streamEvents("a", { version: "v2" })).toEqualTypeOf<IterableReadableStream<StreamEvent>>();
    expectTypeOf(bound).toExtend<Runnable<BaseLanguageModelInput, AIMessageChunk>>();
    expectTypeOf(bound.invoke).returns.resolves.toEqualTypeOf<AIMessageChunk>();
  }
  expectTypeOf(fakeModel().bind({ tools: [] }).streamEvents("a")).toEqualTypeOf<ChatModelStream>();
  expectTypeOf(wrapModel(fakeModel(), {}).withConfig({}).streamEvents("a")).toEqualTypeOf<ChatModelStream>();
});

test("a model with options of its own is a chat model, and its author may say that bindTools gives any runnable", () => {
  interface Options extends BaseLanguageModelCallOptions {
    temperature?: number | undefined;
  }
  abstract class Model extends BaseChatModel<Options> {
    override bindTools(_tools: readonly object[]): Runnable<BaseLanguageModelInput, AIMessageChunk, Options> {
      return this.bind({ temperature: 0 });
    }
  }
  expectTypeOf<Model>().toExtend<BaseChatModel>();
  expectTypeOf<ReturnType<Model["bind"]>>().toEqualTypeOf<BoundChatModel<Options>>();
  expectTypeOf<ReturnType<Model["withConfig"]>>().toExtend<Runnable<BaseLanguageModelInput, AIMessageChunk>>();
});

test("what is tried again, or has a fallback, streams runs' events", () => {
  expectTypeOf(model.withRetry().streamEvents("a")).toEqualTypeOf<IterableReadableStream<StreamEvent>>();
  expectTypeOf(model.withFallbacks([model]).streamEvents("a")).toEqualTypeOf<IterableReadableStream<StreamEvent>>();
});

test("a stream and its parts are awaited", () => {
  const stream = model.streamEvents("a");
  expectTypeOf<Awaited<typeof stream>>().toEqualTypeOf<AIMessage>();
  expectTypeOf<Awaited<typeof stream.output>>().toEqualTypeOf<AIMessage>();
  expectTypeOf<Awaited<typeof stream.text>>().toEqualTypeOf<string>();
  expectTypeOf<Awaited<typeof stream.toolCalls>>().toEqualTypeOf<ToolCall[]>();
  expectTypeOf<Awaited<typeof stream.usage>>().toEqualTypeOf<UsageMetadata | undefined>();
});
