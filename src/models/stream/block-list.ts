import type { Part } from "./block-content.ts";

/** A part that is under way. */
export interface Block {
  readonly index: number;
  /** What it is so far; ours. */
  readonly content: Part;
  /** Whether it was told to be whole, after which nothing goes on with it. */
  isOver: boolean;
}

/** Where parts begin, go on and end. */
export interface BlockList {
  /** Begins a part. */
  open(content: Part): Block;
  /** Puts fields in the place of the part's own. */
  update(block: Block, fields: Part): void;
  /** Tells that a part is whole. */
  end(block: Block): void;
}
