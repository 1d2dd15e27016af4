import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import { toStandardBlocks } from "../../messages/blocks/standard.ts";
import type { ContentBlock } from "../../messages/content.ts";
import { type LaneKey, Lanes, laneKeyOf } from "../../messages/lanes.ts";
import { BLOCK_RULES, copyData, KWARGS_RULES, METADATA_RULES, mergeInto } from "../../messages/merge.ts";
import { mergeUsage, type UsageMetadata } from "../../messages/usage.ts";
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

/**
 * Makes events of a model's chunks. Which part a piece goes on with follows the rules of `concat`, so that the parts are
 * those of the chunks' sum. All parts end with the stream, since any may go on until then.
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
  #started = false;

  /** The events of one more chunk. */
  add(chunk: AIMessageChunk): ChatModelStreamEvent[] {
    this.#start(chunk.id);
    const { content, additional_kwargs = {}, response_metadata = {}, usage_metadata } = chunk;
    this.#addReasoning(additional_kwargs);
    const pieces = chunk["~pieces"]?.() ?? chunk.tool_call_chunks ?? [];
    if (typeof content === "string") this.#addText(content);
    else if (Array.isArray(content)) for (const part of content) this.#addPart(part, pieces.length > 0);
    for (const piece of pieces) this.#calls.addPiece(piece);
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
    this.#start(undefined);
    let callsTools = false;
    for (const block of this.#blocks) {
      const { index } = block;
      const whole = this.#calls.finished(block) ?? block.content;
      callsTools ||= whole.type === "tool_call";
      this.#events.push({ event: "content-block-finish", index, content: copyData(whole) as ContentBlock });
    }
    const reason = finishReasonOf(this.#metadata, callsTools);
    this.#events.push({
      event: "message-finish",
      ...(reason && { reason }),
      ...(this.#usage && { usage: copyData(this.#usage) }),
      ...given("responseMetadata", this.#metadata),
      ...given("additionalKwargs", this.#kwargs),
    });
    return this.#take();
  }

  open(content: Part): Block {
    const block = { index: this.#blocks.length, content: copyData(content) };
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

  #start(id: string | undefined): void {
    if (this.#started) return;
    this.#started = true;
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
    const type = (given as ContentBlock | null)?.type;
    if (TOOL_PARTS.test(String(type))) {
      if (!isTold) this.#calls.addPart(given);
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

/** A field of an event, left out where there is nothing in it. */
function given(field: string, data: Part): Part | undefined {
  return Object.keys(data).length > 0 ? { [field]: copyData(data) } : undefined;
}
