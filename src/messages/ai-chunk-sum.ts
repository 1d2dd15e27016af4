import type { Accumulator } from "../streams/accumulator.ts";
import type { MessageContent } from "./content.ts";
import { Lanes } from "./lanes.ts";
import { copyData, isEmptyRecord, KWARGS_RULES, METADATA_RULES, mergeInto } from "./merge.ts";
import { addContent } from "./merge-content.ts";
import { mergeIds } from "./message-sum.ts";
import { mergeWholeCalls, type ToolCallChunk, type ToolCalls } from "./tool-call.ts";
import { type ToolCallLog, ToolCallSum } from "./tool-call-log.ts";
import { mergeUsage, type UsageMetadata } from "./usage.ts";

type Data = Record<string, unknown>;

/** What the sum of a model's chunks is built from; all of it is the chunk's own from then on. */
export interface AIChunkParts {
  readonly content: MessageContent;
  readonly additional_kwargs: Data;
  readonly response_metadata: Data;
  readonly usage_metadata: UsageMetadata | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly wholeCalls: ToolCalls | undefined;
  readonly log: ToolCallLog | undefined;
}

/** A model's chunk, as far as it is summed. */
interface SummedChunk {
  content: MessageContent;
  additional_kwargs: Data;
  response_metadata: Data;
  usage_metadata?: UsageMetadata | undefined;
  id?: string | undefined;
  name?: string | undefined;
  tool_call_chunks: readonly ToolCallChunk[];
  "~wholeCalls": ToolCalls | undefined;
  "~pieces"(): readonly ToolCallChunk[];
}

/** Sums the chunks of a model's stream in place: text as it grows, tool arguments as pieces, the message once at the end. */
export class AIChunkSum<Chunk extends SummedChunk> implements Accumulator<Chunk> {
  readonly #build: (parts: AIChunkParts) => Chunk;
  readonly #lanes = new Lanes();
  #content: MessageContent;
  #kwargs: Data;
  #metadata: Data;
  #usage: UsageMetadata | undefined;
  #id: string | undefined;
  #name: string | undefined;
  #wholeCalls: ToolCalls | undefined;
  #calls: ToolCallSum | undefined = undefined;

  constructor(first: Chunk, build: (parts: AIChunkParts) => Chunk) {
    this.#build = build;
    this.#content = copyData(first.content);
    this.#kwargs = copyData(first.additional_kwargs);
    this.#metadata = copyData(first.response_metadata);
    this.#usage = copyData(first.usage_metadata);
    this.#id = first.id;
    this.#name = first.name;
    this.#wholeCalls = copyData(first["~wholeCalls"]);
    if (first.tool_call_chunks.length > 0) this.#addPieces(first);
  }

  add(chunk: Chunk): void {
    const { content } = chunk;
    if (typeof content === "string" && typeof this.#content === "string") this.#content += content;
    else this.#content = addContent(this.#content, content, this.#lanes);
    if (!isEmptyRecord(chunk.additional_kwargs)) {
      mergeInto(this.#kwargs, chunk.additional_kwargs, KWARGS_RULES, this.#lanes);
    }
    if (!isEmptyRecord(chunk.response_metadata)) {
      mergeInto(this.#metadata, chunk.response_metadata, METADATA_RULES, this.#lanes);
    }
    if (chunk.usage_metadata != null) this.#usage = mergeUsage(this.#usage, chunk.usage_metadata);
    if (chunk.id !== this.#id) this.#id = mergeIds(this.#id, chunk.id);
    if (!this.#name) this.#name = chunk.name ?? this.#name;
    if (chunk["~wholeCalls"] !== undefined) {
      this.#wholeCalls = mergeWholeCalls(this.#wholeCalls, chunk["~wholeCalls"]);
    }
    if (chunk.tool_call_chunks.length > 0) this.#addPieces(chunk);
  }

  value(): Chunk {
    return this.#build({
      content: copyData(this.#content),
      additional_kwargs: copyData(this.#kwargs),
      response_metadata: copyData(this.#metadata),
      usage_metadata: copyData(this.#usage),
      id: this.#id,
      name: this.#name,
      wholeCalls: copyData(this.#wholeCalls),
      log: this.#calls?.log(),
    });
  }

  #addPieces(chunk: Chunk): void {
    this.#calls ??= new ToolCallSum();
    for (const piece of chunk["~pieces"]()) this.#calls.add(piece);
  }
}
