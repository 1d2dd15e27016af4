import { type Holder, isHeldBy, isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { concatAt, isSummable, MAX_CONCAT_DEPTH, type Summable } from "./concat.ts";

/**
 * Sums the items of a stream in place, at a cost linear in their total size, where repeated `concat` would copy the sum
 * so far each time. Its value always equals what `concat` from left to right gives.
 */
export interface Accumulator<Item> {
  /** Adds the next item. */
  add(chunk: Item): void;
  /** The sum so far. It may be asked for at any time, and more may be added after; what it gave stays as it was. */
  value(): Item;
}

/** A class whose instances sum themselves. */
export interface Additive {
  /** A new value: this, then the other. */
  concat(other: this): this;
  /**
   * An accumulator that begins with this value. It is only given items of the same class. Undefined where items are to be
   * summed by `concat`, because a subclass has one of its own.
   */
  "~accumulator"?(): Accumulator<this> | undefined;
}

/** An accumulator that begins with an item; what kind of sum it makes follows from the items. */
export function accumulate<Item>(first: Item): Accumulator<Item> {
  // The sum gives back what its items are made of, which types cannot follow.
  return new Sum(first, 0) as Accumulator<unknown> as Accumulator<Item>;
}

/** The sum of all items, from left to right; undefined where there are none. */
export function concatAll<Item>(items: Iterable<Item>): Item | undefined {
  let sum: Accumulator<Item> | undefined;
  for (const item of items) {
    if (sum === undefined) sum = accumulate(item);
    else sum.add(item);
  }
  return sum?.value();
}

/** A sum of items that are all of one kind. */
interface KindSum extends Accumulator<unknown> {
  add(chunk: unknown, holder?: Holder): void;
  /** Whether an item is of that kind. */
  accepts(chunk: unknown, holder?: Holder): boolean;
}

/** Any sum. Holds a lone item as it is, and begins anew where an item of another kind comes. */
class Sum implements Accumulator<unknown> {
  readonly #depth: number;
  #lone: unknown;
  #kind: KindSum | undefined;

  constructor(first: unknown, depth: number) {
    this.#lone = first;
    this.#depth = depth;
    this.#kind = undefined;
  }

  add(chunk: unknown, holder?: Holder): void {
    if (chunk != null && this.#kind?.accepts(chunk, holder)) this.#kind.add(chunk, holder);
    else this.#addOther(chunk, holder);
  }

  #addOther(chunk: unknown, holder: Holder | undefined): void {
    const sum = this.value();
    if (chunk == null && sum != null) return;
    const kind = kindOf(sum, this.#depth);
    if (kind?.accepts(chunk, holder)) {
      kind.add(chunk, holder);
      this.#kind = kind;
      this.#lone = undefined;
    } else {
      this.#kind = undefined;
      this.#lone = concatAt(sum, chunk, this.#depth, holder);
    }
  }

  value(): unknown {
    return this.#kind === undefined ? this.#lone : this.#kind.value();
  }
}

/** A sum that begins with a value; undefined where the kind has no sum better than `concat`. */
function kindOf(value: unknown, depth: number): KindSum | undefined {
  if (typeof value === "string") return new TextSum(value);
  if (Array.isArray(value)) return new ListSum(value);
  if (isSummable(value)) return AdditiveSum.of(value);
  return isPlainRecord(value) && depth < MAX_CONCAT_DEPTH ? new RecordSum(value, depth) : undefined;
}

class TextSum implements KindSum {
  // Engines keep a string that grows at its end as pieces, so that this is linear.
  #text: string;

  constructor(first: string) {
    this.#text = first;
  }

  accepts(chunk: unknown): boolean {
    return typeof chunk === "string";
  }

  add(chunk: unknown): void {
    this.#text += chunk as string;
  }

  value(): string {
    return this.#text;
  }
}

class ListSum implements KindSum {
  readonly #items: unknown[];

  constructor(first: readonly unknown[]) {
    this.#items = [...first];
  }

  accepts(chunk: unknown): boolean {
    return Array.isArray(chunk);
  }

  add(chunk: unknown): void {
    for (const item of chunk as readonly unknown[]) this.#items.push(item);
  }

  value(): unknown[] {
    return this.#items.slice();
  }
}

class RecordSum implements KindSum {
  readonly #sums = new Map<string, Sum>();
  readonly #depth: number;

  constructor(first: Readonly<Record<string, unknown>>, depth: number) {
    this.#depth = depth;
    this.add(first);
  }

  accepts(chunk: unknown, holder?: Holder): boolean {
    return isPlainRecord(chunk) && !isSummable(chunk) && !isHeldBy(chunk, holder);
  }

  add(chunk: unknown, holder?: Holder): void {
    const record = chunk as Readonly<Record<string, unknown>>;
    const here: Holder = { object: record, holder };
    for (const key of Object.keys(record)) {
      const sum = this.#sums.get(key);
      if (sum === undefined) this.#sums.set(key, new Sum(record[key], this.#depth + 1));
      else sum.add(record[key], here);
    }
  }

  value(): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const [key, sum] of this.#sums) setOwn(record, key, sum.value());
    return record;
  }
}

class AdditiveSum implements KindSum {
  readonly #class: unknown;
  readonly #sum: Accumulator<unknown>;

  private constructor(first: object, sum: Accumulator<unknown>) {
    this.#class = first.constructor;
    this.#sum = sum;
  }

  static of(first: Summable): AdditiveSum | undefined {
    const sum = (first as Summable & Partial<Additive>)["~accumulator"]?.();
    return sum && new AdditiveSum(first, sum);
  }

  accepts(chunk: unknown): boolean {
    return typeof chunk === "object" && chunk !== null && chunk.constructor === this.#class;
  }

  add(chunk: unknown): void {
    this.#sum.add(chunk);
  }

  value(): unknown {
    return this.#sum.value();
  }
}
