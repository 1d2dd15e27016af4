import type { MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

type Answer<Item> = (sink: Sink<Item>) => void;

/** One answer of the source, and the one after it once that is there. */
interface Link<Item> {
  answer?: Answer<Item>;
  next?: Link<Item>;
}

/**
 * Lets several readers read one source. A branch that lags keeps what it has not read yet (that, and nothing else, bounds
 * the memory); none waits for another. When the last branch leaves, the source is closed.
 */
export function teeSource<Item>(source: Source<Item>, branches: number): Source<Item>[] {
  const trunk = new Trunk(source, branches);
  const first: Link<Item> = {};
  return Array.from({ length: branches }, () => new Branch(trunk, first));
}

class Trunk<Item> implements Sink<Item> {
  readonly #source: Source<Item>;
  #open: number;
  #last: Link<Item> | undefined = undefined;
  #waiting: Branch<Item>[] = [];
  #pulling = false;

  constructor(source: Source<Item>, branches: number) {
    this.#source = source;
    this.#open = branches;
  }

  /** Asks for the answer that `link`, the newest one, still lacks. */
  wait(branch: Branch<Item>, link: Link<Item>): void {
    this.#waiting.push(branch);
    this.#last = link;
    if (this.#pulling) return;
    this.#pulling = true;
    this.#source.pull(this);
  }

  leave(branch: Branch<Item>, cause?: Error): MaybePromise<void> {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== branch);
    this.#open -= 1;
    if (this.#open === 0) return this.#source.close(cause);
  }

  item(value: Item): void {
    this.#answer((sink) => sink.item(value));
  }

  end(): void {
    this.#answer((sink) => sink.end());
  }

  fail(error: unknown): void {
    this.#answer((sink) => sink.fail(error));
  }

  #answer(answer: Answer<Item>): void {
    const last = this.#last;
    const waiting = this.#waiting;
    this.#pulling = false;
    this.#waiting = [];
    if (last !== undefined) {
      last.answer = answer;
      last.next = {};
    }
    for (const branch of waiting) branch.advance();
  }
}

class Branch<Item> implements Source<Item> {
  readonly #trunk: Trunk<Item>;
  #link: Link<Item> | undefined;
  #sink: Sink<Item> | undefined = undefined;

  constructor(trunk: Trunk<Item>, link: Link<Item>) {
    this.#trunk = trunk;
    this.#link = link;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    if (this.#link?.answer !== undefined) this.advance();
    else if (this.#link !== undefined) this.#trunk.wait(this, this.#link);
  }

  advance(): void {
    const sink = this.#sink;
    const answer = this.#link?.answer;
    if (sink === undefined || answer === undefined) return;
    this.#sink = undefined;
    this.#link = this.#link?.next;
    answer(sink);
  }

  close(cause?: Error): MaybePromise<void> {
    if (this.#link === undefined) return;
    this.#link = undefined;
    this.#sink = undefined;
    return this.#trunk.leave(this, cause);
  }
}
