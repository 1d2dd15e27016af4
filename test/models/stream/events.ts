import { AIMessageChunk, type AIMessageChunkFields } from "../../../src/messages/ai-chunk.ts";
import type { ChatModelStreamEvent } from "../../../src/models/stream/events.ts";

/** Chunks of a model, from their fields or texts. */
export function chunks(...list: (string | AIMessageChunkFields)[]): AIMessageChunk[] {
  return list.map((init) => new AIMessageChunk(init));
}

/** A piece of a tool call. */
export function piece(index: number | undefined, args: string, id?: string, name?: string): AIMessageChunkFields {
  return { content: "", tool_call_chunks: [{ type: "tool_call_chunk", index, args, id, name }] };
}

/** All that can be read. */
export async function all<Item>(iterable: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** What events say, one word or two each. */
export function brief(events: readonly ChatModelStreamEvent[]): string[] {
  return events.map((event) => {
    const index = "index" in event ? ` ${event.index}` : "";
    if (event.event === "content-block-delta") return `delta${index} ${JSON.stringify(event.delta)}`;
    if (event.event === "content-block-start" || event.event === "content-block-finish") {
      return `${event.event.slice("content-block-".length)}${index} ${JSON.stringify(event.content)}`;
    }
    const { event: name, ...rest } = event;
    return Object.keys(rest).length === 0 ? name : `${name} ${JSON.stringify(rest)}`;
  });
}
