import { effectiveConfig } from "../../runnables/merge-configs.ts";
import { openStreamScope, withScope } from "../../runnables/scoped-config.ts";
import { IterableReadableStream } from "../../streams/iterable-readable-stream.ts";
import { IteratorSource } from "../../streams/iterator-source.ts";
import type { BaseChatModel } from "../base-chat-model.ts";
import type { BaseLanguageModelInput } from "../base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "../call-options.ts";
import { streamModel } from "../model-run.ts";
import { ChatModelStream } from "./chat-model-stream.ts";
import { eventsOf } from "./convert-chunks-to-events.ts";
import { EventFlow } from "./event-flow.ts";
import { eventHookOf, viewByEvents } from "./event-hook.ts";
import type { ChatModelStreamEvent } from "./events.ts";

/**
 * Streams a chat model's answer by the parts of its message. It is a stream as `astream` gives, with a run and callbacks of
 * its own; nothing starts before it is read. The author's `_streamChatModelEvents` is used where the model has one.
 */
export function streamContentBlocks<CallOptions extends BaseLanguageModelCallOptions>(
  model: BaseChatModel<CallOptions>,
  input: BaseLanguageModelInput,
  options?: Partial<CallOptions>,
): ChatModelStream {
  const plain = model as BaseChatModel;
  const hook = eventHookOf(plain, options);
  if (hook === undefined) {
    // Made now, since it takes over the config of the run around it; it waits for its reader.
    const chunks = model.astream(input, options);
    return new ChatModelStream(new IterableReadableStream(() => eventsOf(new IteratorSource(chunks))));
  }
  const config = effectiveConfig(options);
  const events = new IterableReadableStream<ChatModelStreamEvent>(
    (scope) => {
      const within = scope === undefined ? config : withScope(config, scope);
      return streamModel(viewByEvents(plain, hook), plain["~toInput"](input), within);
    },
    () => openStreamScope(config),
  );
  const asTheyAre = { add: (event: ChatModelStreamEvent) => [event], finish: () => [] };
  return new ChatModelStream(new IterableReadableStream(() => new EventFlow(new IteratorSource(events), asTheyAre)));
}
