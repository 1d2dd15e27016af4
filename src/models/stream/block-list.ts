import type { Part } from "./block-content.ts";

/** A part that is under way. */
export interface Block {
  readonly index: number;
  /** What it is so far; ours. */
  readonly content: Part;
}

/** Where parts begin and go on. */
export interface BlockList {
  /** Begins a part. */
  open(content: Part): Block;
  /** Puts fields in the place of the part's own. */
  update(block: Block, fields: Part): void;
}
