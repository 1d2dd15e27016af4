import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import { BaseMessage } from "../../messages/base-message.ts";
import type { ChatGenerationChunk } from "../../outputs/chat-generation.ts";
import type { AbortSignalLike } from "../../streams/abort-controller.ts";
import { CancelScope } from "../../streams/cancel-scope.ts";
import { IterableReadableStream } from "../../streams/iterable-readable-stream.ts";
import { type AnyIterable, IteratorSource } from "../../streams/iterator-source.ts";
import type { Source } from "../../streams/source.ts";
import { messageOfChunk } from "../chat-answers.ts";
import { BlockAssembler } from "./block-assembler.ts";
import { EventFlow } from "./event-flow.ts";
import type { ChatModelStreamEvent } from "./events.ts";

/**
 * The events of a model's ordinary chunks: of those that its stream hook gives, or of what `stream` gives. Pulled, and let
 * go of when its reader leaves.
 *
 * @param options `signal` ends it.
 */
export function convertChunksToEvents(
  chunks: AnyIterable<ChatGenerationChunk | AIMessageChunk>,
  { signal }: { signal?: AbortSignalLike | undefined } = {},
): IterableReadableStream<ChatModelStreamEvent> {
  return new IterableReadableStream(
    () => eventsOf(new IteratorSource(chunks)),
    signal && (() => new CancelScope({ signal })),
    () => new IteratorSource(chunks).close(),
  );
}

/** The same for a source. */
export function eventsOf(chunks: Source<ChatGenerationChunk | AIMessageChunk>): Source<ChatModelStreamEvent> {
  const assembler = new BlockAssembler();
  return new EventFlow(chunks, {
    add: (chunk) => assembler.add(BaseMessage.isInstance(chunk) ? chunk : messageOfChunk(chunk, "")),
    finish: () => assembler.finish(),
  });
}
