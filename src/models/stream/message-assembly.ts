import { AIMessage } from "../../messages/ai.ts";
import type { ContentBlock } from "../../messages/content.ts";
import { copyData } from "../../messages/merge.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { applyDelta, copyPart, type Part } from "./block-content.ts";
import type { ChatModelStreamEvent, MessageFinishEvent, MessageStartEvent } from "./events.ts";
import { USAGE_READING } from "./part-readings.ts";

/** Puts a message together from its events. They may be a provider's: what cannot be read of them is left out. */
export class MessageAssembly {
  readonly #parts = new Map<number, Part>();
  #start: MessageStartEvent | undefined = undefined;
  #finish: MessageFinishEvent | undefined = undefined;
  #usage: UsageMetadata | undefined = undefined;

  add(event: ChatModelStreamEvent): void {
    this.#usage = USAGE_READING.pick(event, this.#usage) ?? this.#usage;
    switch (event.event) {
      case "message-start":
        this.#start ??= event;
        break;
      case "content-block-start":
      case "content-block-finish":
        this.#parts.set(event.index, copyPart(event.content));
        break;
      case "content-block-delta": {
        const part = this.#parts.get(event.index);
        if (part !== undefined) applyDelta(part, event.delta);
        break;
      }
      case "message-finish":
        this.#finish = event;
        break;
      default:
    }
  }

  /** The message, its content as standard parts. */
  message(): AIMessage {
    const { id, reason, responseMetadata, additionalKwargs } = this.#finish ?? {};
    const places = [...this.#parts.keys()].sort((left, right) => left - right);
    const parts = places.map((place) => this.#parts.get(place));
    return new AIMessage({
      content: parts as ContentBlock[],
      id: id || this.#start?.id,
      usage_metadata: this.#usage,
      additional_kwargs: copyData(additionalKwargs),
      response_metadata: {
        ...(reason && { finish_reason: reason }),
        ...copyData(responseMetadata),
        output_version: "v1",
      },
    });
  }
}
