import type { BaseCallbackManager } from "../../callbacks/base-callback-manager.ts";
import type { CallbackManagerForLLMRun } from "../../callbacks/model-run-manager.ts";
import type { BaseLanguageModelInput } from "../base-language-model.ts";
import type { ChatModelStream } from "./chat-model-stream.ts";

/** What tells of a chat model's answer by the parts of its message. */
interface ContentStreams {
  stream(model: never, input: BaseLanguageModelInput, options: never): ChatModelStream;
  /** The class of a run whose handlers want to be told of parts. */
  runOf(manager: BaseCallbackManager): typeof CallbackManagerForLLMRun | undefined;
}

/** The models themselves do not need it, so that an app that has no use for it does without. */
let slot: ContentStreams | undefined;

/** Fills the slot; called by `wiring.ts` alone. */
export function wireContentStream(streams: ContentStreams): void {
  slot = streams;
}

/** What the slot was filled with. */
export function contentStreams(): ContentStreams | undefined {
  return slot;
}
