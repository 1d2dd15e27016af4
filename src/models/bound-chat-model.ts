import type { RunListeners } from "../callbacks/run-listeners.ts";
import type { EventFilter } from "../events/event-filter.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { EventEncoding, StreamEventsOptions } from "../events/stream-events-options.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { ConfigurableField } from "../runnables/configurable/configurable-options.ts";
import type { Runnable } from "../runnables/runnable.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { BaseLanguageModelInput } from "./base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import type { ChatModelStream } from "./stream/chat-model-stream.ts";

/**
 * A chat model with call options, a config or listeners of its own: what `bind`, `withConfig`, `withListeners` and `configurableFields` give, and
 * most models' `bindTools`. Its `streamEvents` is that of the model.
 */
export interface BoundChatModel<CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions>
  extends Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
  streamEvents(
    input: BaseLanguageModelInput,
    options: Partial<CallOptions> & StreamEventsOptions & { encoding: EventEncoding },
    filter?: EventFilter,
  ): IterableReadableStream<Uint8Array>;
  streamEvents(
    input: BaseLanguageModelInput,
    options: Partial<CallOptions> & StreamEventsOptions & { version: "v1" | "v2" },
    filter?: EventFilter,
  ): IterableReadableStream<StreamEvent>;
  streamEvents(input: BaseLanguageModelInput, options?: Partial<CallOptions>): ChatModelStream;
  bind(kwargs: Partial<CallOptions>): BoundChatModel<CallOptions>;
  withConfig(config: Partial<CallOptions>): BoundChatModel<CallOptions>;
  withListeners(listeners: RunListeners<RunnableConfig>): BoundChatModel<CallOptions>;
  configurableFields(fields: Readonly<Record<string, ConfigurableField>>): BoundChatModel<CallOptions>;
}
