import type { MaybePromise } from "./maybe-promise.ts";

/** How many events a producer may be ahead of its reader before it is asked to wait. */
export const QUEUE_LIMIT = 64;

/**
 * Carries what is pushed to a reader that pulls. Nothing pushed is lost; a producer that is more than `QUEUE_LIMIT` ahead
 * is given a promise to wait for, settled when the reader has caught up or left.
 */
export class EventQueue<Item> {
  readonly #items: Item[] = [];
  #head = 0;
  #onItem: (() => void) | undefined = undefined;
  #room: { readonly promise: Promise<void>; readonly open: () => void } | undefined = undefined;
  #closed = false;

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Adds an item; drops it after `close`. */
  push(item: Item): MaybePromise<void> {
    if (this.#closed) return;
    this.#items.push(item);
    const onItem = this.#onItem;
    this.#onItem = undefined;
    onItem?.();
    if (this.size < QUEUE_LIMIT) return;
    this.#room ??= openRoom();
    return this.#room.promise;
  }

  /** Takes the oldest item. Call only where `size` is not 0. */
  shift(): Item {
    const item = this.#items[this.#head] as Item;
    this.#items[this.#head] = undefined as Item; // Lets go of it before the array is compacted.
    this.#head += 1;
    // Not each time that it is empty: an array that is emptied has to grow anew.
    if (this.#head >= QUEUE_LIMIT) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    if (this.size < QUEUE_LIMIT) this.#makeRoom();
    return item;
  }

  /** Calls back once, when the next item is pushed. */
  onNextItem(callback: () => void): void {
    this.#onItem = callback;
  }

  /** Drops what is queued and lets every waiting producer go on. */
  close(): void {
    this.#closed = true;
    this.#items.length = 0;
    this.#head = 0;
    this.#onItem = undefined;
    this.#makeRoom();
  }

  #makeRoom(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.open();
  }
}

function openRoom(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
