import type { BaseLanguageModelInput } from "../base-language-model.ts";
import type { ChatModelStream } from "./chat-model-stream.ts";

/** Streams a chat model's answer by the parts of its message. */
type ContentStream = (model: never, input: BaseLanguageModelInput, options: never) => ChatModelStream;

/** The models themselves do not need it, so that an app that has no use for it does without. */
let slot: ContentStream | undefined;

/** Fills the slot; called by `wiring.ts` alone. */
export function wireContentStream(stream: ContentStream): void {
  slot = stream;
}

/** What the slot was filled with. */
export function contentStream(): ContentStream | undefined {
  return slot;
}
