import type { ContentBlock } from "../../messages/content.ts";
import { isRealId } from "../../messages/lanes.ts";
import { isEmptyRecord } from "../../messages/merge.ts";
import { type ToolCallChunk, toolCallsOfChunks } from "../../messages/tool-call.ts";
import { foldPiece, isPlainPiece, type ToolCallFold } from "../../messages/tool-call-fold.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { Part } from "./block-content.ts";
import type { Block, BlockList } from "./block-list.ts";

/** The parts of a stream that are tool calls: which call a piece goes on with is what its message says of it. */
export class CallBlocks {
  readonly #list: BlockList;
  readonly #fold: ToolCallFold = { folded: [], last: -1, places: undefined };
  /** The parts of the folded calls, by their places. */
  readonly #blocks: Block[] = [];
  readonly #byId = new Map<unknown, Block>();
  /** Those that came whole; pieces add nothing to them. */
  readonly #whole = new Set<Block>();

  constructor(list: BlockList) {
    this.#list = list;
  }

  /** Adds a piece as it came. */
  addPiece(piece: ToolCallChunk): void {
    if (!isPlainRecord(piece)) return;
    const fold = this.#fold;
    foldPiece(fold, piece, isPlainPiece(piece));
    const call = fold.folded[fold.last] as ToolCallChunk;
    const shown = shownPiece(call);
    const block = this.#blocks[fold.last] ?? this.#open(call, shown);
    if (this.#whole.has(block)) return;
    if (isRealId(call.id)) this.#byId.set(call.id, block);
    if (Object.keys(shown).some((field) => shown[field] !== block.content[field])) this.#list.update(block, shown);
  }

  /** Adds a call that came whole; it takes the place of one that has its id. */
  addWhole(call: Part): void {
    const { type, name, args, id, error } = call;
    const shown = withoutGaps({ type, name, args, id, error });
    let block = isRealId(id) ? this.#byId.get(id) : undefined;
    if (block === undefined) block = this.#list.open(shown);
    else this.#list.update(block, shown);
    this.#whole.add(block);
    if (isRealId(id)) this.#byId.set(id, block);
  }

  /** Adds a part of a content that tells of a call. */
  addPart(part: ContentBlock): void {
    const { type, id, name, index, input } = part;
    if (type === "tool_call_chunk") this.addPiece(part as ToolCallChunk);
    else if (type !== "tool_use" && type !== "input_json_delta") this.addWhole(part);
    else if (isPlainRecord(input) && !isEmptyRecord(input)) this.addWhole({ type: "tool_call", name, args: input, id });
    // What has no arguments yet may be given them in pieces.
    else this.addPiece(withoutGaps({ id, name, index, args: typeof input === "string" ? input : "" }) as ToolCallChunk);
  }

  /** What a part ends as, where it is made of pieces. */
  finished(block: Block): Part | undefined {
    const place = this.#whole.has(block) ? -1 : this.#blocks.indexOf(block);
    if (place === -1) return undefined;
    const { tool_calls, invalid_tool_calls } = toolCallsOfChunks([this.#fold.folded[place] as ToolCallChunk]);
    return withoutGaps({ ...(tool_calls[0] ?? invalid_tool_calls[0]) });
  }

  #open({ id }: ToolCallChunk, shown: Part): Block {
    const known = isRealId(id) ? this.#byId.get(id) : undefined;
    const block = known && this.#whole.has(known) ? known : this.#list.open({ ...shown, args: "" });
    this.#blocks[this.#fold.last] = block;
    return block;
  }
}

/** A call as it is shown while it is being said: all of it so far. */
function shownPiece({ id, name, args }: ToolCallChunk): Part {
  return withoutGaps({ type: "tool_call_chunk", id, name, args: args ?? "" });
}

function withoutGaps(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value != null));
}
