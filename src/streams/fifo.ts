/** First in, first out. Unlike an array's `shift`, or the first key of a `Map`, taking stays cheap however long it is. */
export class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the oldest item; undefined where there is none. */
  shift(): Item | undefined {
    const item = this.#items[this.#head];
    if (this.size > 0) this.#items[this.#head++] = undefined; // Lets go of it at once.
    // What was taken is cut off once it is half of the list, so that each item is moved at most once on average.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
