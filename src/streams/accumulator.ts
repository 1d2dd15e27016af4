import { type Holder, isHeldBy, isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { concatAt, isSummable, MAX_CONCAT_DEPTH, type Summable } from "./concat.ts";
import { isSnapshot } from "./snapshots.ts";

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
interface KindSum {
  /** Adds an item if it is of that kind, and tells whether it is. */
  takes(chunk: unknown, holder?: Holder): boolean;
  value(): unknown;
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
    if (isSnapshot(chunk)) {
      this.#kind = undefined;
      this.#lone = chunk;
    } else if (!this.#kind?.takes(chunk, holder)) this.#addOther(chunk, holder);
  }

  #addOther(chunk: unknown, holder: Holder | undefined): void {
    const sum = this.value();
    if (chunk == null && sum != null) return;
    const kind = kindOf(sum, this.#depth);
    if (kind?.takes(chunk, holder)) {
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

  takes(chunk: unknown): boolean {
    if (typeof chunk !== "string") return false;
    this.#text += chunk;
    return true;
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

  takes(chunk: unknown): boolean {
    if (!Array.isArray(chunk)) return false;
    for (const item of chunk as readonly unknown[]) this.#items.push(item);
    return true;
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
    this.takes(first);
  }

  takes(chunk: unknown, holder?: Holder): boolean {
    if (!isPlainRecord(chunk) || isSummable(chunk) || isHeldBy(chunk, holder)) return false;
    const here: Holder = { object: chunk, holder };
    for (const key of Object.keys(chunk)) {
      const sum = this.#sums.get(key);
      if (sum === undefined) this.#sums.set(key, new Sum(chunk[key], this.#depth + 1));
      else sum.add(chunk[key], here);
    }
    return true;
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

  takes(chunk: unknown): boolean {
    if (typeof chunk !== "object" || chunk?.constructor !== this.#class) return false;
    this.#sum.add(chunk);
    return true;
  }

  value(): unknown {
    return this.#sum.value();
  }
}
