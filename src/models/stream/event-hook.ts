import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import type { BaseMessage } from "../../messages/base-message.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import type { BaseChatModel } from "../base-chat-model.ts";
import type { Hook, HookedModel, StreamHookResult } from "../hooked-model.ts";
import { modelPart } from "../model-parts.ts";
import { viewOf } from "../model-view.ts";
import { EventChunk } from "./event-chunk.ts";
import type { ChatModelStreamEvent, MessageStartEvent } from "./events.ts";
import { USAGE_READING } from "./part-readings.ts";

/** A model whose author streams events by himself. */
export interface EventHooked {
  /** Streams the answer as content-block events; preferred where those are asked for. */
  _streamChatModelEvents?: Hook<BaseMessage[], StreamHookResult<ChatModelStreamEvent>>;
}

/**
 * The hook of a model's author that a call can use. Without one, or where the call may not stream or is answered by a cache,
 * the events are made of the model's ordinary chunks.
 */
export function eventHookOf(model: BaseChatModel, options: object | undefined): EventHooked["_streamChatModelEvents"] {
  const hook = (model as EventHooked)._streamChatModelEvents;
  const { disableStreaming } = model;
  const hasTools = Boolean((options as { tools?: unknown[] } | undefined)?.tools?.length);
  const mayStream = disableStreaming === "tool_calling" ? !hasTools : !disableStreaming;
  const isCached = model.cache && (model["~generateHook"]() ?? model["~streamHook"]()) !== undefined;
  return mayStream && !isCached ? hook : undefined;
}

type Viewed = HookedModel<BaseMessage[], EventChunk, ChatModelStreamEvent>;

/** A model as one that streams events: for one call, which adds up its usage. */
export function viewByEvents(model: BaseChatModel, hook: NonNullable<EventHooked["_streamChatModelEvents"]>): Viewed {
  let usage: UsageMetadata | undefined;
  const view: Partial<Viewed> = {
    "~streamHook": () => hook.bind(model),
    // Where there is a cache its other hooks would be asked; if it has none, the limits hold all the same.
    "~path": () => {
      if (!model.cache) return model["~path"]();
      return model.rateLimiter || model.maxConcurrency ? modelPart("cache or limit")(model, false) : undefined;
    },
    "~toChunk": (given, id) => {
      const event = checked(given, id);
      usage = USAGE_READING.pick(event, usage) ?? usage;
      return new EventChunk(
        event,
        (/^message-(start|finish)$/.test(event.event) && (event as MessageStartEvent).id) || id,
        usage,
      );
    },
    "~streamedChunk": ({ event }) => event,
    "~toStreamed": checked,
  };
  return viewOf<Viewed>(model, view);
}

/** An event as its author gave it, the first with an id. @throws LinnetError for what is none, and for an error's event. */
function checked(given: unknown, id: string): ChatModelStreamEvent {
  const event = given as ChatModelStreamEvent | null | undefined;
  if (typeof event?.event !== "string") {
    throw new LinnetError(`Expected _streamChatModelEvents to yield { event: ... }, got ${describeValue(given)}.`, {
      code: "MODEL_NO_OUTPUT",
    });
  }
  if (event.event === "error") {
    throw new LinnetError(String(event.message), { code: "MODEL_NO_OUTPUT", data: { code: event.code } });
  }
  return event.event === "message-start" && !event.id ? { ...event, id } : event;
}
