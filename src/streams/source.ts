import type { MaybePromise } from "./maybe-promise.ts";

/** Where a source puts the answer to one `pull`. */
export interface Sink<Item> {
  /** One more item. */
  item(value: Item): void;
  /** There are no more. */
  end(): void;
  /** The source broke. */
  fail(error: unknown): void;
}

/**
 * The stream that linnet's own parts hand to each other: pulled item by item, answered by a call instead of a promise,
 * because a promise per item and layer is most of what a stream costs.
 *
 * The contract, which every source keeps and every reader may rely on:
 * - Nothing starts before the first `pull`.
 * - One `pull` at a time; it is answered by exactly one call on its sink, at once or later, unless the source is closed
 *   first: then by none.
 * - After `end` or `fail` nobody pulls again, and `close` does nothing.
 */
export interface Source<Item> {
  pull(sink: Sink<Item>): void;
  /**
   * Leaves early: releases what the source holds, from the outermost inwards, and may be called again.
   *
   * @param cause the abort or timeout that ended the stream; undefined where the reader just left.
   * @returns a promise where the release takes time.
   */
  close(cause?: Error): MaybePromise<void>;
  /** Gives an item that it has already, in place of a pull; undefined where it has none. Not while a pull is under way. */
  take?(): Item | undefined;
}

/** A source of one item that is there already. */
export class SingleSource<Item> implements Source<Item> {
  #value: Item;
  #given = false;

  constructor(value: Item) {
    this.#value = value;
  }

  pull(sink: Sink<Item>): void {
    if (this.#given) return sink.end();
    this.#given = true;
    sink.item(this.#value);
  }

  close(): void {
    this.#given = true;
  }
}
