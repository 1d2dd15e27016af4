import type { Accumulator } from "../streams/accumulator.ts";
import { AIMessage, type AIMessageFields, callsOfParts, type SpreadChunk } from "./ai.ts";
import { type AIChunkParts, AIChunkSum } from "./ai-chunk-sum.ts";
import {
  type BaseMessage,
  contentOf,
  fieldsOf,
  isStandard,
  LEFT_TO_SUBCLASS,
  type MessageInit,
  metadataOf,
  recordOf,
} from "./base-message.ts";
import { isEmptyRecord, KWARGS_RULES, METADATA_RULES, mergeRecords } from "./merge.ts";
import { mergeContent } from "./merge-content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum, mergeIds } from "./message-sum.ts";
import type { MessageStructure, StructureToolCall } from "./structure.ts";
import {
  callsOf,
  type InvalidToolCall,
  joinCalls,
  mergeWholeCalls,
  type ToolCall,
  type ToolCallChunk,
  type ToolCalls,
  toolCallsOfChunks,
} from "./tool-call.ts";
import { ToolCallLog } from "./tool-call-log.ts";
import { mergeUsage } from "./usage.ts";

/** The fields of an {@link AIMessageChunk}. */
export interface AIMessageChunkFields<Structure extends MessageStructure = MessageStructure>
  extends AIMessageFields<Structure> {
  /**
   * The pieces of tool calls that this chunk brings. Where there are any, `tool_calls` and `invalid_tool_calls` follow from
   * them, and what is given for those is not used. Default: none.
   */
  tool_call_chunks?: ToolCallChunk[] | undefined;
}

/** The logs of chunks of subclasses that are copies, which no constructor has given a field for it. */
const LOGS_OF_COPIES: WeakMap<AIMessageChunk, ToolCallLog> = new WeakMap();

/**
 * A piece of what a model says. Pieces sum by `concat`; a piece with nothing but an empty text adds nothing.
 *
 * @example
 * ```ts
 * import { AIMessageChunk } from "linnet/messages";
 *
 * const sum = new AIMessageChunk("Hello").concat(new AIMessageChunk(" World!"));
 * console.log(sum.content); // Hello World!
 * ```
 */
export class AIMessageChunk<Structure extends MessageStructure = MessageStructure> extends AIMessage<Structure> {
  declare readonly type: "ai";
  /** The pieces of tool calls, folded to one piece per call. */
  declare tool_call_chunks: ToolCallChunk[];
  /** @internal The calls that were given whole, not in pieces. */
  declare "~wholeCalls": ToolCalls | undefined;
  /** What `tool_call_chunks` was folded from, and the calls that it stands for, once somebody has asked for either. */
  #log: ToolCallLog | undefined;

  constructor(init: MessageInit<AIMessageChunkFields<Structure>>) {
    super(LEFT_TO_SUBCLASS);
    const fields = fieldsOf(init);
    this.type = "ai";
    this.content = contentOf(init, fields);
    this.additional_kwargs = recordOf(fields?.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.tool_call_chunks = callsOf(fields?.tool_call_chunks);
    this.usage_metadata = fields?.usage_metadata ?? undefined;
    this.id = fields?.id;
    this.name = fields?.name;
    this["~wholeCalls"] = undefined;
    this.#log = undefined;
    if (fields !== undefined) {
      if (this.tool_call_chunks.length > 1) this["~setLog"](ToolCallLog.of(this.tool_call_chunks).copy());
      this["~wholeCalls"] = wholeCallsOf(fields, this);
    }
  }

  static override lc_name(): string {
    return "AIMessageChunk";
  }

  /** Whether a value is a model's chunk, also one made by another copy of the package. */
  static override isInstance<Structure extends MessageStructure>(
    value: BaseMessage<Structure>,
  ): value is BaseMessage<Structure> & AIMessageChunk<Structure>;
  static override isInstance(value: unknown): value is AIMessageChunk;
  static override isInstance(value: unknown): value is AIMessageChunk {
    return isMessageChunk(value, "ai");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  override get lc_kwargs(): Record<string, unknown> {
    return { ...super.lc_kwargs, tool_calls: this.tool_calls, invalid_tool_calls: this.invalid_tool_calls };
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: AIMessageChunk<Structure>): this {
    // A subclass keeps its class and its own fields.
    if (this.constructor !== AIMessageChunk || other?.constructor !== AIMessageChunk) {
      // One of another library, or of another copy of this one, is taken by its fields.
      return concatMessages(
        this,
        other instanceof AIMessageChunk ? other : new AIMessageChunk(other as AIMessageChunkFields),
      );
    }
    const { content } = this;
    const isText = typeof content === "string" && typeof other.content === "string";
    const sum = new AIMessageChunk(isText ? content + other.content : mergeContent(content, other.content)) as this;
    if (!isEmptyRecord(this.additional_kwargs) || !isEmptyRecord(other.additional_kwargs)) {
      sum.additional_kwargs = mergeRecords(this.additional_kwargs, other.additional_kwargs, KWARGS_RULES);
    }
    if (!isEmptyRecord(this.response_metadata) || !isEmptyRecord(other.response_metadata)) {
      const merged = mergeRecords(this.response_metadata, other.response_metadata, METADATA_RULES);
      sum.response_metadata = merged as typeof sum.response_metadata;
    }
    if (this.usage_metadata !== undefined || other.usage_metadata !== undefined) {
      sum.usage_metadata = mergeUsage(this.usage_metadata, other.usage_metadata);
    }
    sum.id = mergeIds(this.id, other.id);
    sum.name = this.name || (other.name ?? this.name);
    if (this["~wholeCalls"] !== undefined || other["~wholeCalls"] !== undefined) {
      sum["~wholeCalls"] = mergeWholeCalls(this["~wholeCalls"], other["~wholeCalls"]);
    }
    if (this.tool_call_chunks.length > 0 || other.tool_call_chunks.length > 0) {
      sum["~setLog"](this["~log"]().join(other["~pieces"]()));
    }
    return sum;
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    if (this.concat !== AIMessageChunk.prototype.concat) return undefined;
    if (this.constructor !== AIMessageChunk) return new MessageSum<this>(this);
    return new AIChunkSum(this, buildChunk as (parts: AIChunkParts) => this);
  }

  override get tool_calls(): StructureToolCall<Structure>[] {
    return this["~readCalls"]().tool_calls as StructureToolCall<Structure>[];
  }

  override set tool_calls(tool_calls: StructureToolCall<Structure>[]) {
    this["~setCalls"]({ tool_calls });
  }

  override get invalid_tool_calls(): InvalidToolCall[] {
    return this["~readCalls"]().invalid_tool_calls;
  }

  override set invalid_tool_calls(invalid_tool_calls: InvalidToolCall[]) {
    this["~setCalls"]({ invalid_tool_calls });
  }

  /** @internal The calls that this chunk's pieces stand for, after those that came whole. */
  "~readCalls"(): ToolCalls {
    const whole = this["~wholeCalls"];
    // Any piece of a sum may say that its content is standard parts, so that these are read when all is there.
    const areShown = isStandard(this);
    if (whole !== undefined && this.tool_call_chunks.length === 0 && !areShown) return whole;
    const log = this["~log"]();
    if (log.calls === undefined) {
      const calls = joinCalls(whole, toolCallsOfChunks(log.folded));
      log.calls = areShown ? joinCalls(calls, callsOfParts(this.content)) : calls;
    }
    return log.calls;
  }

  /** @internal Makes calls the whole ones of this chunk, instead of what its pieces stand for. */
  "~setCalls"(calls: Partial<ToolCalls>): void {
    this["~wholeCalls"] = { ...this["~readCalls"](), ...calls };
    this.tool_call_chunks = [];
  }

  /** @internal The pieces of calls as they came. */
  "~pieces"(): readonly ToolCallChunk[] {
    const log = #log in this ? this.#log : LOGS_OF_COPIES.get(this);
    return log?.isOf(this.tool_call_chunks) ? log.pieces() : this.tool_call_chunks;
  }

  /** @internal */
  override "~withId"(id: string): this {
    if (this.constructor !== AIMessageChunk) return super["~withId"](id);
    const copy = new AIMessageChunk(this.content) as this;
    if (typeof this.content !== "string") copy.content = this.content.slice() as typeof copy.content;
    if (!isEmptyRecord(this.additional_kwargs)) copy.additional_kwargs = { ...this.additional_kwargs };
    if (!isEmptyRecord(this.response_metadata)) copy.response_metadata = { ...this.response_metadata };
    if (this.usage_metadata !== undefined) copy.usage_metadata = { ...this.usage_metadata };
    if (this["~wholeCalls"] !== undefined) copy["~wholeCalls"] = mergeWholeCalls(undefined, this["~wholeCalls"]);
    copy["~copyPieces"](this);
    copy.id = id;
    copy.name = this.name;
    return copy;
  }

  /** @internal What the pieces were folded from; anew if somebody has replaced them since. */
  "~log"(): ToolCallLog {
    const list = this.tool_call_chunks;
    let log = #log in this ? this.#log : LOGS_OF_COPIES.get(this);
    if (!log?.isOf(list)) {
      log = ToolCallLog.of(list);
      if (#log in this) this.#log = log;
      else LOGS_OF_COPIES.set(this, log);
    }
    return log;
  }

  /** @internal Takes over folded pieces, and what they were folded from. */
  "~setLog"(log: ToolCallLog): void {
    this.tool_call_chunks = log.folded;
    if (#log in this) this.#log = log;
    else LOGS_OF_COPIES.set(this, log);
  }

  /** @internal Adds the pieces of another chunk to this one's. */
  "~addPieces"(other: AIMessageChunk): void {
    if (other.tool_call_chunks.length > 0) this["~setLog"](this["~log"]().join(other["~pieces"]()));
  }

  /** @internal Takes over the pieces of the chunk that this is a copy of. */
  "~copyPieces"(other: AIMessageChunk): void {
    if (other.tool_call_chunks.length > 0) this["~setLog"](other["~log"]().copy());
  }
}

/** The calls that were given whole; not those beside pieces, from which they follow. */
function wholeCallsOf(fields: AIMessageChunkFields & SpreadChunk, chunk: AIMessageChunk): ToolCalls | undefined {
  const { "~wholeCalls": spread } = fields;
  if (spread !== undefined || chunk.tool_call_chunks.length > 0) return spread;
  const tool_calls: ToolCall[] = callsOf(fields.tool_calls as ToolCall[]);
  const invalid_tool_calls = callsOf(fields.invalid_tool_calls);
  return tool_calls.length > 0 || invalid_tool_calls.length > 0 ? { tool_calls, invalid_tool_calls } : undefined;
}

function buildChunk(parts: AIChunkParts): AIMessageChunk {
  const chunk = new AIMessageChunk(parts.content);
  chunk.additional_kwargs = parts.additional_kwargs;
  chunk.response_metadata = parts.response_metadata;
  chunk.usage_metadata = parts.usage_metadata;
  chunk.id = parts.id;
  chunk.name = parts.name;
  chunk["~wholeCalls"] = parts.wholeCalls;
  if (parts.log !== undefined) chunk["~setLog"](parts.log);
  return chunk;
}
