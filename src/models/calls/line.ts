/** Where somebody stands in a {@link Line}. */
export interface Place<Item> {
  readonly item: Item;
  before: Place<Item> | undefined;
  after: Place<Item> | undefined;
  isLeft: boolean;
}

/**
 * Who waits, in the order in which they came; anyone may leave, and is forgotten at once. The same can be had of a `Map`, but
 * not without end: to find its first key is to pass all that were taken before, and an iterator that stays keeps every table
 * that the map has had.
 */
export class Line<Item> {
  #first: Place<Item> | undefined = undefined;
  #last: Place<Item> | undefined = undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** Stands at the end. Whoever does not wait until its turn leaves its place. */
  join(item: Item): Place<Item> {
    const place: Place<Item> = { item, before: this.#last, after: undefined, isLeft: false };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    return place;
  }

  /** Gives a place up; for good, however often. */
  leave(place: Place<Item>): void {
    if (place.isLeft) return;
    const { before, after } = place;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    place.before = undefined;
    place.after = undefined;
    place.isLeft = true;
  }

  /** Takes the first out; undefined where there is none. */
  take(): Item | undefined {
    const first = this.#first;
    if (first !== undefined) this.leave(first);
    return first?.item;
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
  }
}
