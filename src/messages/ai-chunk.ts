import type { Accumulator } from "../streams/accumulator.ts";
import { AIMessage, type AIMessageFields, callsOfParts, copyUsualFields, type SpreadChunk } from "./ai.ts";
import {
  type AdditionalKwargs,
  type BaseMessage,
  contentOf,
  copyFields,
  fieldsOf,
  isStandard,
  LEFT_TO_SUBCLASS,
  type MessageInit,
  metadataOf,
  recordOf,
} from "./base-message.ts";
import { copyData, isEmptyRecord } from "./merge.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { addMessage, MessageSum, mergeIds } from "./message-sum.ts";
import type { MessageStructure, StructureToolCall } from "./structure.ts";
import {
  callsOf,
  type InvalidToolCall,
  joinCalls,
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
    if (init !== LEFT_TO_SUBCLASS) setFields(this, init);
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
    // Most pieces of a stream bring text, pieces of calls or usage, and nothing else.
    if (isUsual(this) && isUsual(other)) {
      const { tool_call_chunks: before, usage_metadata: usage, name } = this;
      const log = before.length > 0 || other.tool_call_chunks.length > 0 ? joinLogs(this, other) : undefined;
      const sum = AIMessageChunk.#usual(this.content + other.content, log, mergeIds(this.id, other.id));
      if (usage !== undefined || other.usage_metadata !== undefined) {
        sum.usage_metadata = mergeUsage(usage, other.usage_metadata);
      }
      sum.name = name || (other.name ?? name);
      return sum as this;
    }
    const sum = copyButUsage<this>(this);
    // One of another library, or of another copy of this one, is taken by its fields.
    const next = other instanceof AIMessageChunk ? other : new AIMessageChunk(other as AIMessageChunkFields);
    addMessage(sum, this, next, next.constructor !== AIMessageChunk);
    return sum;
  }

  /** A chunk that was checked already, its fields in the order of setFields, or an engine would know two kinds of chunks. */
  static #usual(content: string, log: ToolCallLog | undefined, id: string | undefined): AIMessageChunk {
    const chunk = new AIMessageChunk(LEFT_TO_SUBCLASS);
    (chunk as { type: "ai" }).type = "ai";
    chunk.content = content;
    chunk.additional_kwargs = recordOf<AdditionalKwargs>(undefined);
    chunk.response_metadata = recordOf<typeof chunk.response_metadata>(undefined);
    chunk.tool_call_chunks = log === undefined ? [] : log.folded;
    chunk.usage_metadata = undefined;
    chunk.id = id;
    chunk.name = undefined;
    chunk["~wholeCalls"] = undefined;
    chunk.#log = log;
    return chunk;
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    if (this.concat !== AIMessageChunk.prototype.concat) return undefined;
    return new MessageSum<this>(this, this.constructor !== AIMessageChunk);
  }

  /** @internal */
  override "~copy"(): this {
    if (isUsual(this) && this.usage_metadata === undefined && this.tool_call_chunks.length === 0) {
      const text = AIMessageChunk.#usual(this.content, undefined, this.id);
      text.name = this.name;
      return text as this;
    }
    const copy = copyButUsage<this>(this);
    if (this.usage_metadata !== undefined) copy.usage_metadata = copyData(this.usage_metadata);
    return copy;
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

  /**
   * @internal The calls that this chunk's pieces stand for, after those that came whole.
   *
   * @param isLast whether nothing more comes, so that a call that breaks off is none.
   */
  "~readCalls"(isLast: boolean = false): ToolCalls {
    const whole = this["~wholeCalls"];
    // Any piece of a sum may say that its content is standard parts, so that these are read when all is there.
    const areShown = isStandard(this);
    if (whole !== undefined && this.tool_call_chunks.length === 0 && !areShown) return whole;
    const log = this["~log"]();
    if (log.calls !== undefined && !isLast) return log.calls;
    const calls = joinCalls(whole, toolCallsOfChunks(log.folded, isLast));
    const read = areShown ? joinCalls(calls, callsOfParts(this.content, isLast, log.folded.length > 0)) : calls;
    if (!isLast) log.calls = read;
    return read;
  }

  /** @internal Makes calls the whole ones of this chunk, instead of what its pieces stand for. */
  "~setCalls"(calls: Partial<ToolCalls>): void {
    this["~wholeCalls"] = { ...this["~readCalls"](), ...calls };
    this.tool_call_chunks = [];
  }

  /** @internal The pieces of calls as they came. */
  "~pieces"(): readonly ToolCallChunk[] {
    const log = #log in this ? this.#log : undefined;
    return log?.isOf(this.tool_call_chunks) ? log.pieces() : this.tool_call_chunks;
  }

  /** @internal What the pieces were folded from; anew if somebody has replaced them since. */
  "~log"(): ToolCallLog {
    const list = this.tool_call_chunks;
    let log = #log in this ? this.#log : undefined;
    if (!log?.isOf(list)) {
      log = ToolCallLog.of(list);
      if (#log in this) this.#log = log;
    }
    return log;
  }

  /** @internal Takes over folded pieces, and what they were folded from. */
  "~setLog"(log: ToolCallLog): void {
    this.tool_call_chunks = log.folded;
    this.#log = log;
  }

  /** @internal Adds the pieces of another chunk to this one's. */
  "~addPieces"(other: AIMessageChunk): void {
    const log = this["~log"]();
    log.add(other["~pieces"]());
    this["~setLog"](log);
  }
}

/** Not a part of the constructor, which costs every sum less where it is short. */
function setFields<Structure extends MessageStructure>(
  chunk: AIMessageChunk<Structure>,
  init: MessageInit<AIMessageChunkFields<Structure>>,
): void {
  const fields = fieldsOf(init);
  (chunk as { type: "ai" }).type = "ai";
  chunk.content = contentOf(init, fields);
  chunk.additional_kwargs = recordOf(fields?.additional_kwargs);
  chunk.response_metadata = metadataOf(fields);
  chunk.tool_call_chunks = fields === undefined ? [] : callsOf(fields.tool_call_chunks);
  chunk.usage_metadata = fields?.usage_metadata ?? undefined;
  chunk.id = fields?.id;
  chunk.name = fields?.name;
  chunk["~wholeCalls"] = undefined;
  if (fields === undefined) return;
  if (chunk.tool_call_chunks.length > 1) chunk["~setLog"](ToolCallLog.of(chunk.tool_call_chunks).copy());
  chunk["~wholeCalls"] = wholeCallsOf(fields, chunk);
}

/** The calls that were given whole; not those beside pieces, from which they follow. */
function wholeCallsOf(fields: AIMessageChunkFields & SpreadChunk, chunk: AIMessageChunk): ToolCalls | undefined {
  const { "~wholeCalls": spread } = fields;
  if (spread !== undefined || chunk.tool_call_chunks.length > 0) return spread;
  const tool_calls: ToolCall[] = callsOf(fields.tool_calls as ToolCall[]);
  const invalid_tool_calls = callsOf(fields.invalid_tool_calls);
  return tool_calls.length > 0 || invalid_tool_calls.length > 0 ? { tool_calls, invalid_tool_calls } : undefined;
}

/** Whether a chunk has a text for its content, and none of what few chunks have. */
function isUsual(chunk: AIMessageChunk): chunk is AIMessageChunk & { content: string } {
  return (
    chunk?.constructor === AIMessageChunk &&
    typeof chunk.content === "string" &&
    chunk["~wholeCalls"] === undefined &&
    isEmptyRecord(chunk.additional_kwargs) &&
    isEmptyRecord(chunk.response_metadata)
  );
}

function joinLogs(left: AIMessageChunk, right: AIMessageChunk): ToolCallLog {
  const log = left["~log"]().copy();
  log.add(right["~pieces"]());
  return log;
}

/** A copy of a chunk. A sum makes its usage of those of both sides. */
function copyButUsage<Chunk extends AIMessageChunk>(chunk: Chunk): Chunk {
  let copy: AIMessageChunk;
  if (chunk.constructor === AIMessageChunk) {
    copy = new AIMessageChunk(copyData(chunk.content));
    copyUsualFields(copy, chunk);
    if (chunk["~wholeCalls"] !== undefined) copy["~wholeCalls"] = copyData(chunk["~wholeCalls"]);
  } else {
    // A subclass keeps its class and its own fields, and its constructor is left alone.
    copy = copyFields(Reflect.construct(AIMessageChunk, [""], chunk.constructor) as AIMessageChunk, chunk);
  }
  if (chunk.tool_call_chunks.length > 0) copy["~setLog"](chunk["~log"]().copy());
  return copy as Chunk;
}
