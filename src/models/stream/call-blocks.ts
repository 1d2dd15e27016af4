import type { ContentBlock } from "../../messages/content.ts";
import { isRealId } from "../../messages/lanes.ts";
import { isEmptyRecord } from "../../messages/merge.ts";
import { type ToolCallChunk, toolCallsOfChunks } from "../../messages/tool-call.ts";
import { foldPiece, isPlainPiece, type ToolCallFold } from "../../messages/tool-call-fold.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { Part } from "./block-content.ts";
import type { Block, BlockList } from "./block-list.ts";
import { ObjectEnd } from "./object-end.ts";

/** A call in pieces. */
interface PiecedCall {
  readonly block: Block;
  /** Its pieces, folded. */
  readonly call: ToolCallChunk;
  /** How far its arguments are. */
  readonly end: ObjectEnd;
  /** Whether it is what came for a call after that was whole. */
  readonly isRest: boolean;
}

/**
 * The parts of a stream that are tool calls: which call a piece goes on with is what its message says of it. A call is whole
 * when its arguments are and something else goes on, or with the stream.
 */
export class CallBlocks {
  readonly #list: BlockList;
  readonly #fold: ToolCallFold = { folded: [], last: -1, places: undefined };
  /** The folded calls, by their places and by their parts. */
  readonly #pieced: PiecedCall[] = [];
  readonly #byBlock = new Map<Block, PiecedCall>();
  readonly #byId = new Map<unknown, Block>();
  /** Those that came whole; pieces add nothing to them. */
  readonly #whole = new Set<Block>();
  /** The part that was added to last, where it is a call. */
  #current: Block | undefined = undefined;

  constructor(list: BlockList) {
    this.#list = list;
  }

  /** Adds a piece as it came. */
  addPiece(piece: ToolCallChunk): void {
    if (!isPlainRecord(piece)) return;
    const fold = this.#fold;
    foldPiece(fold, piece, isPlainPiece(piece));
    const place = fold.last;
    const call = fold.folded[place] as ToolCallChunk;
    let pieced = this.#pieced[place];
    if (pieced?.block.isOver && (this.#whole.has(pieced.block) || !hasArguments(call))) return;
    if (pieced === undefined || pieced.block.isOver) {
      pieced = this.#open(call, pieced !== undefined);
      this.#pieced[place] = pieced;
    }
    const { block, end } = pieced;
    this.leave(block);
    this.#current = block;
    if (this.#whole.has(block)) return;
    if (typeof piece.args === "string") end.add(piece.args);
    if (isRealId(call.id) && !pieced.isRest) this.#byId.set(call.id, block);
    const shown = shownPiece(call);
    if (Object.keys(shown).some((field) => shown[field] !== block.content[field])) this.#list.update(block, shown);
  }

  /** Adds a call that came whole; it takes the place of one that has its id. */
  addWhole(call: Part): void {
    const { type, name, args, id, error } = call;
    const shown = withoutGaps({ type, name, args, id, error });
    let block = isRealId(id) ? this.#byId.get(id) : undefined;
    // Who was told that it is whole may have made the call by now.
    if (block?.isOver) return;
    if (block === undefined) block = this.#list.open(shown);
    else this.#list.update(block, shown);
    this.leave(block);
    this.#current = block;
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

  /** Something else goes on: the last call is finished if it is whole. @param to the part that goes on. */
  leave(to: Block | undefined): void {
    const left = this.#current;
    if (left === undefined || left === to) return;
    this.#current = undefined;
    const pieced = this.#whole.has(left) ? undefined : this.#byBlock.get(left);
    if (left.isOver || (pieced !== undefined && !isWhole(pieced))) return;
    this.#list.end(left);
    // What comes for it from here on gathers by itself.
    if (pieced !== undefined) pieced.call.args = "";
  }

  /** What a part is as a whole, where it is made of pieces. */
  wholeOf(block: Block): Part | undefined {
    const pieced = this.#whole.has(block) ? undefined : this.#byBlock.get(block);
    if (pieced === undefined) return undefined;
    const { call, isRest } = pieced;
    // Without an id it is no call that can be made.
    const { tool_calls, invalid_tool_calls } = toolCallsOfChunks([isRest ? { ...call, id: undefined } : call], true);
    return withoutGaps({ ...(tool_calls[0] ?? invalid_tool_calls[0]), id: call.id });
  }

  #open(call: ToolCallChunk, isRest: boolean): PiecedCall {
    const known = isRest || !isRealId(call.id) ? undefined : this.#byId.get(call.id);
    const isKnown = known !== undefined && this.#whole.has(known);
    const block = isKnown ? known : this.#list.open({ ...shownPiece(call), args: "" });
    const pieced = { block, call, end: new ObjectEnd(), isRest };
    this.#byBlock.set(block, pieced);
    return pieced;
  }
}

/** Whether nothing can be missing of a call. One without an id or a name may yet be given them. */
function isWhole({ call, end, isRest }: PiecedCall): boolean {
  return !isRest && isRealId(call.id) && Boolean(call.name) && (end.isClosed || isPlainRecord(call.args));
}

/** Whether arguments are more than space. */
function hasArguments({ args }: ToolCallChunk): boolean {
  return typeof args === "string" ? args.trim() !== "" : args != null;
}

/** A call as it is shown while it is being said: all of it so far. */
function shownPiece({ id, name, args }: ToolCallChunk): Part {
  return withoutGaps({ type: "tool_call_chunk", id, name, args: args ?? "" });
}

function withoutGaps(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value != null));
}
