import type { Accumulator } from "../streams/accumulator.ts";
import { AIMessage, type AIMessageFields } from "./ai.ts";
import { type AIChunkParts, AIChunkSum } from "./ai-chunk-sum.ts";
import { fieldsOf, LEFT_TO_SUBCLASS, type MessageInit } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isEmptyRecord, KWARGS_RULES, METADATA_RULES, mergeRecords } from "./merge.ts";
import { mergeContent } from "./merge-content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum, mergeIds } from "./message-sum.ts";
import { mergeWholeCalls, type ToolCallChunk, type ToolCalls, toolCallsOfChunks } from "./tool-call.ts";
import { ToolCallLog } from "./tool-call-log.ts";
import { mergeUsage } from "./usage.ts";

/** The fields of an {@link AIMessageChunk}. */
export interface AIMessageChunkFields extends AIMessageFields {
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
export class AIMessageChunk extends AIMessage {
  declare readonly type: "ai";
  /** The pieces of tool calls, folded to one piece per call. */
  declare tool_call_chunks: ToolCallChunk[];
  /** @internal The calls that were given whole, not in pieces. */
  declare "~wholeCalls": ToolCalls | undefined;
  /**
   * What `tool_call_chunks` was folded from, where that was more than one piece, or the calls that it stands for, once they
   * were asked for. One field for both, since each costs every chunk of a stream.
   */
  #state: ChunkState | undefined;

  constructor(init: MessageInit<AIMessageChunkFields>) {
    super(LEFT_TO_SUBCLASS);
    const fields = fieldsOf(init);
    this.type = "ai";
    this.content = fields === undefined ? (init as MessageContent) : (fields.content ?? "");
    this.additional_kwargs = fields?.additional_kwargs ?? {};
    this.response_metadata = fields?.response_metadata ?? {};
    this.tool_call_chunks = fields?.tool_call_chunks ?? [];
    this.usage_metadata = fields?.usage_metadata ?? undefined;
    this.id = fields?.id;
    this.name = fields?.name;
    this["~wholeCalls"] = undefined;
    this.#state = undefined;
    if (this.tool_call_chunks.length > 1) this["~setLog"](ToolCallLog.of(this.tool_call_chunks));
    else if (fields !== undefined && this.tool_call_chunks.length === 0) this["~wholeCalls"] = wholeCallsOf(fields);
  }

  static override lc_name(): string {
    return "AIMessageChunk";
  }

  /** Whether a value is a model's chunk, also one made by another copy of the package. */
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
  concat(other: AIMessageChunk): this {
    // A subclass keeps its class and its own fields.
    if (this.constructor !== AIMessageChunk || other.constructor !== AIMessageChunk) return concatMessages(this, other);
    const { content } = this;
    const isText = typeof content === "string" && typeof other.content === "string";
    const sum = new AIMessageChunk(isText ? content + other.content : mergeContent(content, other.content)) as this;
    if (!isEmptyRecord(this.additional_kwargs) || !isEmptyRecord(other.additional_kwargs)) {
      sum.additional_kwargs = mergeRecords(this.additional_kwargs, other.additional_kwargs, KWARGS_RULES);
    }
    if (!isEmptyRecord(this.response_metadata) || !isEmptyRecord(other.response_metadata)) {
      sum.response_metadata = mergeRecords(this.response_metadata, other.response_metadata, METADATA_RULES);
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
      const added = other["~log"]() ?? other.tool_call_chunks;
      sum["~setLog"]((this["~log"]() ?? ToolCallLog.of(this.tool_call_chunks)).join(added));
    }
    return sum;
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    if (this.concat !== AIMessageChunk.prototype.concat) return undefined;
    if (this.constructor !== AIMessageChunk) return new MessageSum<this>(this);
    return new AIChunkSum(this, buildChunk as (parts: AIChunkParts) => this);
  }

  /** @internal The calls that this chunk's pieces stand for, after those that came whole. */
  "~readCalls"(): ToolCalls {
    const whole = this["~wholeCalls"];
    const pieces = this.tool_call_chunks;
    if (pieces.length === 0 && whole !== undefined) return whole;
    // A copy that was not made by the constructor remembers nothing.
    if (!(#state in this)) return joinCalls(whole, toolCallsOfChunks(pieces));
    const read = this.#state?.read;
    if (read !== undefined && read.pieces === pieces && read.count === pieces.length) return read.calls;
    const calls = joinCalls(whole, toolCallsOfChunks(pieces));
    this.#state = { log: this.#state?.log, read: { pieces, count: pieces.length, calls } };
    return calls;
  }

  /** @internal Makes calls the whole ones of this chunk, instead of what its pieces stand for. */
  "~setCalls"(calls: Partial<ToolCalls>): void {
    this["~wholeCalls"] = { ...this["~readCalls"](), ...calls };
    this.tool_call_chunks = [];
  }

  /** @internal The pieces of calls as they came. */
  "~pieces"(): readonly ToolCallChunk[] {
    return this["~log"]()?.pieces() ?? this.tool_call_chunks;
  }

  /** @internal */
  override "~withId"(id: string): this {
    if (this.constructor !== AIMessageChunk) return super["~withId"](id);
    const copy = new AIMessageChunk(this.content) as this;
    if (typeof this.content !== "string") copy.content = this.content.slice();
    if (!isEmptyRecord(this.additional_kwargs)) copy.additional_kwargs = { ...this.additional_kwargs };
    if (!isEmptyRecord(this.response_metadata)) copy.response_metadata = { ...this.response_metadata };
    if (this.usage_metadata !== undefined) copy.usage_metadata = { ...this.usage_metadata };
    if (this["~wholeCalls"] !== undefined) copy["~wholeCalls"] = mergeWholeCalls(undefined, this["~wholeCalls"]);
    if (this.tool_call_chunks.length > 0) {
      const log = this["~log"]();
      if (log === undefined) copy.tool_call_chunks = this.tool_call_chunks.slice();
      else copy["~setLog"](log.copy());
    }
    copy.id = id;
    copy.name = this.name;
    return copy;
  }

  /** @internal The log of the pieces, if there is one and nobody has replaced the pieces since. */
  "~log"(): ToolCallLog | undefined {
    const log = #state in this ? this.#state?.log : undefined;
    return log?.isOf(this.tool_call_chunks) ? log : undefined;
  }

  /** @internal Takes over folded pieces, and what they were folded from. */
  "~setLog"(log: ToolCallLog): void {
    this.#state = { log, read: undefined };
    this.tool_call_chunks = log.folded;
  }
}

for (const field of ["tool_calls", "invalid_tool_calls"] as const) {
  Object.defineProperty(AIMessageChunk.prototype, field, {
    configurable: true,
    get(this: AIMessageChunk) {
      return this["~readCalls"]()[field];
    },
    set(this: AIMessageChunk, calls: ToolCalls[typeof field]) {
      this["~setCalls"]({ [field]: calls });
    },
  });
}

interface ChunkState {
  readonly log: ToolCallLog | undefined;
  readonly read: ReadCalls | undefined;
}

/** The calls that pieces stand for, as long as there are no others. */
interface ReadCalls {
  readonly pieces: readonly ToolCallChunk[];
  readonly count: number;
  readonly calls: ToolCalls;
}

function joinCalls(whole: ToolCalls | undefined, read: ToolCalls): ToolCalls {
  if (whole === undefined) return read;
  return {
    tool_calls: [...whole.tool_calls, ...read.tool_calls],
    invalid_tool_calls: [...whole.invalid_tool_calls, ...read.invalid_tool_calls],
  };
}

function wholeCallsOf({ tool_calls, invalid_tool_calls }: AIMessageChunkFields): ToolCalls | undefined {
  if (!tool_calls?.length && !invalid_tool_calls?.length) return undefined;
  return { tool_calls: tool_calls ?? [], invalid_tool_calls: invalid_tool_calls ?? [] };
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
