import { describe, expect, test } from "vitest";
import "../../../src/runnables/wiring.ts";
import { AIMessageChunk, type AIMessageChunkFields } from "../../../src/messages/ai-chunk.ts";
import type { ChatModelStream } from "../../../src/models/stream/chat-model-stream.ts";
import { streamContentBlocks } from "../../../src/models/stream/stream-content-blocks.ts";
import { ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import fixture from "../../fixtures/model-streams-peer.json" with { type: "json" };
import { collect } from "../../helpers/steps.ts";
import { HookedChatModel } from "../models.ts";

interface Recorded {
  readonly name: string;
  readonly chunks: readonly AIMessageChunkFields[];
  readonly [part: string]: unknown;
}

const recorded = fixture.streams as unknown as readonly Recorded[];

const open = (chunks: readonly AIMessageChunkFields[]): ChatModelStream =>
  streamContentBlocks(
    new HookedChatModel({
      async *_streamResponseChunks() {
        for (const fields of chunks) yield new ChatGenerationChunk({ message: new AIMessageChunk(fields) });
      },
    }),
    "x",
  );

const PARTS: Readonly<Record<string, (stream: ChatModelStream) => PromiseLike<unknown>>> = {
  events: (stream) => collect(stream),
  message: (stream) => stream.then((message) => message.toDict().data),
  text: (stream) => collect(stream.text),
  reasoning: (stream) => collect(stream.reasoning),
  toolCalls: (stream) => collect(stream.toolCalls),
  usage: (stream) => stream.usage.then((usage) => usage ?? null),
};

/** Where we differ on purpose: rows of docs/decisions/0028. Elsewhere what the peer gives is what we give. */
const DECIDED: readonly (readonly [reason: string, streams: RegExp])[] = [
  ["an empty stream starts", /^events of nothing$/],
  ["text and a call of one index are two parts", /^(events|message|toolCalls) of text and a call of one index$/],
  ["tool_use where there are calls", /^(events|message) (of (one call|text and a call|two calls|a provider)|in)/],
  ["what an event said stays so, however late it is read", /^events of a call that breaks off$/],
  ["calls are whole before the end", /^events of two calls/],
  ["a call without arguments has none", /^(events|message|toolCalls) of a call without arguments$/],
  ["whole calls are kept", /^(events|message|toolCalls) of whole calls$/],
  ["reasoning beside the content is kept", /^(events|message|reasoning) of reasoning beside the content$/],
  ["a part starts empty, and its pieces are all told", /^(events|text) of (parts of a list|a provider's own call)$/],
  ["what cannot be read is in invalid_tool_calls too", /^message of a call that breaks off$/],
  ["a provider's own call is no call of a tool", /^(events|message) of a provider's own call$/],
  ["facts of the provider are kept", /^(events|message) with an id/],
];
const reasonOf = (title: string): string | undefined => DECIDED.find(([, streams]) => streams.test(title))?.[0];

/**
 * What both libraries have names for: places count from 0, an index of the provider's does not stand in a part, the ids of
 * runs are not compared, nor the words of errors.
 */
function comparable(value: unknown): unknown {
  const places: unknown[] = [];
  const placeOf = (index: unknown): number => {
    if (!places.includes(index)) places.push(index);
    return places.indexOf(index);
  };
  const plain = (inner: unknown, isEvent: boolean): unknown => {
    if (Array.isArray(inner)) return inner.map((item) => plain(item, isEvent));
    if (typeof inner !== "object" || inner === null) return inner;
    const fields = Object.entries(inner)
      .filter(([key, field]) => field !== undefined && (key !== "index" || "event" in inner))
      .filter(([key, field]) => key !== "id" || !/^run-/.test(String(field)))
      .map(([key, field]) => [key, key === "index" ? placeOf(field) : key === "error" ? "…" : plain(field, isEvent)]);
    return Object.fromEntries(fields);
  };
  return plain(JSON.parse(JSON.stringify(value ?? null)), true);
}

describe.each(recorded)("a content-block stream $name", (row) => {
  test.each(Object.keys(PARTS))("has the peer's %s, but for what is decided", async (part) => {
    const title = `${part} ${row.name}`;
    const ours = comparable(await PARTS[part]?.(open(row.chunks)));
    const peers = comparable((row[part] as { gives: unknown }).gives);
    if (reasonOf(title) === undefined) expect(ours).toEqual(peers);
    else expect(ours, `${title} is decided, and yet the same`).not.toEqual(peers);
  });
});
