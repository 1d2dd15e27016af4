import { callbackHandlerPrefersChatModelStreamEvents } from "../../callbacks/base-callback-handler.ts";
import type { BaseCallbackManager } from "../../callbacks/base-callback-manager.ts";
import type { CallbackHandler, RunEndInfo } from "../../callbacks/handler.ts";
import type { Listener } from "../../callbacks/handler-set.ts";
import { CallbackManagerForLLMRun } from "../../callbacks/model-run-manager.ts";
import type { ChatGenerationChunk } from "../../outputs/chat-generation.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { ReaderLeft } from "../../streams/reader-left.ts";
import { messageOfChunk } from "../chat-answers.ts";
import { BlockAssembler } from "./block-assembler.ts";
import { EventChunk } from "./event-chunk.ts";
import { errorEventOf } from "./event-flow.ts";
import type { ChatModelStreamEvent } from "./events.ts";

const TOLD = "handleChatModelStreamEvent";

/**
 * The run of a chat model with handlers that prefer the parts of its answer to tokens. They are told of the parts, as far as
 * the model streams, and before the run ends.
 */
class ContentRun extends CallbackManagerForLLMRun {
  /** Who is told of parts, and of no tokens. */
  readonly #preferring: readonly Listener[] = this.handlers.filter(prefersParts);
  /** What makes events of chunks; undefined before the first, and where the model's author has events of his own. */
  #assembler: BlockAssembler | undefined = undefined;
  #isToldByAuthor = false;

  override get prefersStreaming(): boolean {
    return true;
  }

  override handleChatModelStreamEvent(event: unknown): Promise<void> {
    this.#isToldByAuthor = true;
    return super.handleChatModelStreamEvent(event);
  }

  override end(output?: unknown, info?: RunEndInfo): MaybePromise<void> {
    if (!this.isClosed) this.#tellEvents(this.#assembler?.finish());
    return super.end(output, info);
  }

  override fail(error: unknown, aborted: boolean = false, info?: RunEndInfo): MaybePromise<void> {
    if (!this.isClosed && !(error instanceof ReaderLeft)) this.#tellEvents([errorEventOf(error)]);
    return super.fail(error, aborted, info);
  }

  protected override tellChunk(chunk: ChatGenerationChunk): void {
    super.tellChunk(chunk);
    if (chunk instanceof EventChunk) return this.#tellEvents([chunk.event]);
    this.#assembler ??= new BlockAssembler();
    this.#tellEvents(this.#assembler.add(messageOfChunk(chunk, "")));
  }

  protected override tell(...told: Parameters<CallbackManagerForLLMRun["tell"]>): void {
    if (told[0] !== "handleLLMNewToken") return super.tell(...told);
    const [signal, ...values] = told;
    for (const set of [this.manager["~inherited"], this.manager["~local"]]) {
      this.#preferring.reduce((others, listener) => others.without(listener), set).tell(signal, this, ...values);
    }
  }

  #tellEvents(events: readonly ChatModelStreamEvent[] = []): void {
    if (this.#isToldByAuthor) return;
    for (const event of events) this.tell(TOLD, this["~told"](event, "chunk"));
  }
}

/** The class of a run whose handlers prefer parts; undefined for any other. */
export function contentRunOf(manager: BaseCallbackManager): typeof ContentRun | undefined {
  const hears = manager["~inherited"].hears(TOLD) || manager["~local"].hears(TOLD);
  return hears && manager.handlers.some(prefersParts) ? ContentRun : undefined;
}

function prefersParts(listener: Listener): boolean {
  return (
    callbackHandlerPrefersChatModelStreamEvents(listener) && typeof (listener as CallbackHandler)[TOLD] === "function"
  );
}
