import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import { toStandardBlocks } from "../../messages/blocks/standard.ts";
import type { ContentBlock } from "../../messages/content.ts";
import { indexKeyOf, type LaneKey, Lanes, laneKeyOf } from "../../messages/lanes.ts";
import { BLOCK_RULES, copyData, KWARGS_RULES, METADATA_RULES, mergeInto } from "../../messages/merge.ts";
import { mergeIds } from "../../messages/message-sum.ts";
import { parseToolArguments } from "../../messages/tool-arguments.ts";
import { mergeUsage, type UsageMetadata } from "../../messages/usage.ts";
import { BESIDE } from "../output-version/standard-form.ts";
import { addingTo, applyDelta, type Part, streamedFieldOf } from "./block-content.ts";
import type { Block, BlockList } from "./block-list.ts";
import { CallBlocks } from "./call-blocks.ts";
import type { BlockDelta, ChatModelStreamEvent } from "./events.ts";
import { finishReasonOf } from "./finish-reason.ts";

/** What a provider calls its pieces, and where the piece goes on. */
interface Lane {
  readonly type: unknown;
  readonly block: Block;
}

/** Parts of a content that tell of tool calls, which chunks have apart too. */
const TOOL_PARTS = /^(tool_use|input_json_delta|(invalid_)?tool_call|tool_call_chunk)$/;

/** Calls that the provider answers itself. */
const SERVER_CALL = /^server_tool_call(_chunk)?$/;

/**
 * Makes events of a model's chunks. Which part a piece goes on with follows the rules of `concat`, so that the parts are
 * those of the chunks' sum. Calls end when they are whole and something else goes on; all other parts with the stream, since
 * they may go on until then.
 */
export class BlockAssembler implements BlockList {
  #events: ChatModelStreamEvent[] = [];
  readonly #blocks: Block[] = [];
  readonly #byKey = new Map<LaneKey, Lane>();
  readonly #lanes = new Lanes();
  readonly #calls: CallBlocks = new CallBlocks(this);
  readonly #metadata: Part = {};
  readonly #kwargs: Part = {};
  #reasoning: Block | undefined = undefined;
  /** The last part of the content, if it is text alone. */
  #openText: Block | undefined = undefined;
  #usage: UsageMetadata | undefined = undefined;
  /** The id that the start told of; null before it. */
  #startId: string | null | undefined = null;
  #id: string | undefined = undefined;
  #callsTools = false;

  /** The events of one more chunk. */
  add(chunk: AIMessageChunk): ChatModelStreamEvent[] {
    this.#id = mergeIds(this.#id, chunk.id);
    this.#start();
    const { content, additional_kwargs = {}, response_metadata = {}, usage_metadata } = chunk;
    this.#addReasoning(additional_kwargs);
    const pieces = chunk["~pieces"]?.() ?? chunk.tool_call_chunks ?? [];
    if (typeof content === "string") this.#addText(content);
    else if (Array.isArray(content)) for (const part of content) this.#addPart(part, pieces.length > 0);
    for (const piece of pieces) if (!this.#addToServerCall(piece, piece?.args)) this.#calls.addPiece(piece);
    const { tool_calls, invalid_tool_calls } = "~wholeCalls" in chunk ? (chunk["~wholeCalls"] ?? {}) : chunk;
    if (pieces.length === 0 || "~wholeCalls" in chunk) {
      for (const call of tool_calls ?? []) this.#calls.addWhole({ ...call, type: "tool_call" });
      for (const call of invalid_tool_calls ?? []) this.#calls.addWhole({ ...call, type: "invalid_tool_call" });
    }
    mergeInto(this.#metadata, response_metadata, METADATA_RULES);
    mergeInto(this.#kwargs, additional_kwargs, KWARGS_RULES);
    if (typeof usage_metadata === "object" && usage_metadata !== null) {
      this.#usage = mergeUsage(this.#usage, usage_metadata) as UsageMetadata;
      this.#events.push({ event: "usage", usage: copyData(this.#usage) });
    }
    return this.#take();
  }

  /** The events after the last chunk. */
  finish(): ChatModelStreamEvent[] {
    this.#start();
    for (const block of this.#blocks) if (!block.isOver) this.end(block);
    const reason = finishReasonOf(this.#metadata, this.#callsTools);
    this.#events.push({
      event: "message-finish",
      ...(this.#id !== this.#startId && { id: this.#id }),
      ...(reason && { reason }),
      ...(this.#usage && { usage: copyData(this.#usage) }),
      ...given("responseMetadata", this.#metadata),
      ...given("additionalKwargs", this.#kwargs),
    });
    return this.#take();
  }

  open(content: Part): Block {
    this.#calls.leave(undefined);
    const block = { index: this.#blocks.length, content: copyData(content), isOver: false };
    this.#blocks.push(block);
    this.#events.push({
      event: "content-block-start",
      index: block.index,
      content: copyData(content) as ContentBlock,
    });
    return block;
  }

  update({ index, content }: Block, fields: Part): void {
    const type = String(fields.type ?? content.type);
    const delta: BlockDelta = { type: "block-delta", fields: { ...copyData(fields), type } };
    applyDelta(content, delta);
    this.#events.push({ event: "content-block-delta", index, delta });
  }

  end(block: Block): void {
    block.isOver = true;
    const whole = this.#calls.wholeOf(block) ?? wholeServerCall(block.content) ?? block.content;
    this.#callsTools ||= whole.type === "tool_call";
    const content = copyData(whole) as ContentBlock;
    this.#events.push({ event: "content-block-finish", index: block.index, content });
  }

  #start(): void {
    if (this.#startId !== null) return;
    const id = this.#id;
    this.#startId = id;
    this.#events.push(id ? { event: "message-start", id } : { event: "message-start" });
  }

  /** What some providers put beside the content. */
  #addReasoning({ reasoning_content: reasoning }: Part): void {
    if (typeof reasoning !== "string" || reasoning === "") return;
    if (this.#reasoning === undefined) this.#reasoning = this.#openPart({ type: "reasoning", reasoning });
    else this.#grow(this.#reasoning, { reasoning });
  }

  #addText(text: string): void {
    if (text === "") return;
    if (this.#openText === undefined) this.#openText = this.#openPart({ type: "text", text });
    else this.#grow(this.#openText, { text });
  }

  /** @param isTold whether the chunk has the pieces of calls apart, too. */
  #addPart(given: ContentBlock, isTold: boolean): void {
    const { type, index } = Object(given) as ContentBlock;
    // It was added from beside the content.
    if (index === BESIDE) return;
    if (TOOL_PARTS.test(String(type))) {
      if (!isTold && !this.#addToServerCall(given, given.input)) this.#calls.addPart(given);
      return;
    }
    const [part] = toStandardBlocks([given]) as [Part & ContentBlock];
    const keys = Object.keys(part);
    if (part.type === "text" && keys.length === 2) return this.#addText(part.text as string);
    const key = laneKeyOf(Object(given));
    const lane = key === undefined ? undefined : this.#byKey.get(key);
    if (lane !== undefined && (lane.type === type || lane.block.content.type === part.type)) {
      // A piece that lacks what makes it a part of its own, such as a signature, still goes on with one.
      this.#grow(lane.block, part.type === "non_standard" ? (given as Part) : part);
      return;
    }
    const block = this.#openPart(part);
    if (key !== undefined) this.#byKey.set(key, { type, block });
    this.#openText = key === undefined && part.type === "text" ? block : undefined;
  }

  /** Adds arguments to a call that the provider makes itself, whose pieces look like those of any. @returns whether they are of one. */
  #addToServerCall(piece: Part | null, args: unknown): boolean {
    const { index, id, name } = Object(piece) as Part;
    const block = this.#byKey.get(indexKeyOf(index) ?? "")?.block;
    if (!SERVER_CALL.test(String(block?.content.type)) || id || name || typeof args !== "string") return false;
    const { content } = block as Block;
    const before = typeof content.args === "string" ? content.args : "";
    if (args !== "") this.update(block as Block, { type: "server_tool_call_chunk", args: before + args });
    return true;
  }

  #openPart(part: Part): Block {
    const field = streamedFieldOf(part.type);
    const text = field && part[field];
    if (field === undefined || typeof text !== "string") return this.open(part);
    const block = this.open({ ...part, [field]: "" });
    this.#grow(block, { [field]: text });
    return block;
  }

  /** Adds a piece to a part. */
  #grow(block: Block, piece: Part): void {
    this.#calls.leave(block);
    const { content, index } = block;
    const field = streamedFieldOf(content.type);
    const text = field && piece[field];
    const isText = typeof text === "string" && typeof content[field as string] === "string";
    const { type: _type, index: _index, ...others } = piece;
    if (isText) delete others[field as string];
    const changed = Object.keys(others);
    if (isText && text !== "") {
      content[field as string] += text;
      this.#events.push({ event: "content-block-delta", index, delta: addingTo(field as "text", text) });
    }
    if (changed.length === 0) return;
    mergeInto(content, others, BLOCK_RULES, this.#lanes);
    this.update(block, Object.fromEntries(changed.map((key) => [key, content[key]])));
  }

  #take(): ChatModelStreamEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

/** A call of the provider's own as a whole, once its arguments can be read. */
function wholeServerCall(part: Part): Part | undefined {
  const { type, args } = part;
  const read =
    type === "server_tool_call_chunk" && typeof args === "string" ? parseToolArguments(args, true) : undefined;
  return read && { ...part, type: "server_tool_call", args: read };
}

/** A field of an event, left out where there is nothing in it. */
function given(field: string, data: Part): Part | undefined {
  return Object.keys(data).length > 0 ? { [field]: copyData(data) } : undefined;
}
