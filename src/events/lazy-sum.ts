/**
 * What a value and all that was added to it come to, worked out when it is read, and kept. Sums of sums are worked out in
 * one go, from the last one that was read, so that a sum of many additions costs one pass.
 */
export class LazySum<Value, Added> {
  #value: Value;
  #former: LazySum<Value, Added> | undefined = undefined;
  #added: readonly Added[] = [];
  readonly #add: (value: Value, added: readonly Added[]) => Value;

  constructor(value: Value, add: (value: Value, added: readonly Added[]) => Value) {
    this.#value = value;
    this.#add = add;
  }

  /** Throws what the adding throws, at every read. */
  get value(): Value {
    if (this.#former === undefined) return this.#value;
    const parts: (readonly Added[])[] = [];
    let former: LazySum<Value, Added> = this;
    for (; former.#former !== undefined; former = former.#former) parts.push(former.#added);
    this.#value = this.#add(former.#value, parts.reverse().flat());
    this.#former = undefined;
    this.#added = [];
    return this.#value;
  }

  /** This and more. */
  plus(added: readonly Added[]): LazySum<Value, Added> {
    const sum = new LazySum(this.#value, this.#add);
    sum.#former = this;
    sum.#added = added;
    return sum;
  }
}
