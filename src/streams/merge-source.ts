import { type ConcurrencyLimit, Turns } from "./concurrency-limit.ts";
import { Fifo } from "./fifo.ts";
import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/**
 * Several sources read side by side, their items in the order of arrival, each with its key. Every source is at most one
 * item ahead of the reader. The first that fails ends them all. Below a limit a source that has no turn is not pulled yet,
 * and one that has keeps it until it ends or is closed.
 */
export class MergeSource<Key, Item> implements Source<readonly [Key, Item]> {
  readonly #branches: MergeBranch<Key, Item>[];
  readonly #arrived: Fifo<MergeBranch<Key, Item>> = new Fifo();
  /** The branch whose item the reader has: the only one that was started and works on nothing. */
  #idle: MergeBranch<Key, Item> | undefined = undefined;
  #sink: Sink<readonly [Key, Item]> | undefined = undefined;
  #failure: { readonly error: unknown } | undefined = undefined;
  readonly #turns: Turns | undefined;
  #started = 0;
  #open: number;

  /** @param limit the limit of the tree of fan-outs that this one is part of. Default: none. */
  constructor(sources: Iterable<readonly [Key, Source<Item>]>, limit?: ConcurrencyLimit) {
    this.#branches = Array.from(sources, ([key, source]) => new MergeBranch(key, source, this));
    this.#open = this.#branches.length;
    this.#turns = limit && new Turns(limit, () => this.#startMore());
  }

  pull(sink: Sink<readonly [Key, Item]>): void {
    this.#sink = sink;
    // Each branch works on its next item while the reader has this one.
    const idle = this.#idle;
    this.#idle = undefined;
    idle?.ask();
    this.#startMore();
    this["~answer"]();
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#closeAll(cause);
  }

  /** Starts the branches that have a turn, while there is a reader that waits. */
  #startMore(): void {
    while (this.#sink !== undefined && this.#failure === undefined && this.#started < this.#branches.length) {
      if (this.#turns !== undefined && !this.#turns.take()) return;
      this.#branches[this.#started++]?.ask();
    }
  }

  #closeAll(cause?: Error): MaybePromise<void> {
    const closings = this.#branches.map((branch) => branch.close(cause)).filter(isPromiseLike);
    const closed = closings.length === 0 && this.#turns === undefined ? undefined : Promise.allSettled(closings);
    // What is closed has to hear of its scope's end, too, before others take its turns.
    const ended = closed?.then(() => this.#turns?.end());
    return closings.length === 0 ? undefined : ended;
  }

  "~arrived"(branch: MergeBranch<Key, Item>): void {
    this.#arrived.push(branch);
    this["~answer"]();
  }

  "~ended"(): void {
    this.#open -= 1;
    this.#turns?.give();
    this.#startMore();
    this["~answer"]();
  }

  "~failed"(error: unknown): void {
    this.#failure ??= { error };
    this["~answer"]();
  }

  "~answer"(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (this.#failure !== undefined) return this.#fail(sink, this.#failure.error);
    const branch = this.#arrived.shift();
    if (branch !== undefined) {
      this.#sink = undefined;
      this.#idle = branch;
      sink.item([branch.key, branch.take()]);
    } else if (this.#open === 0) {
      this.#sink = undefined;
      sink.end();
    }
  }

  #fail(sink: Sink<readonly [Key, Item]>, error: unknown): void {
    // Cleared first: a branch that ends while it is closed must not turn the error into an end.
    this.#sink = undefined;
    const closing = this.#closeAll();
    if (!isPromiseLike(closing)) return sink.fail(error);
    const fail = (): void => sink.fail(error);
    closing.then(fail, fail);
  }
}

class MergeBranch<Key, Item> implements Sink<Item> {
  readonly key: Key;
  readonly #source: Source<Item>;
  readonly #merge: MergeSource<Key, Item>;
  #state: "idle" | "asked" | "full" | "over" = "idle";
  #value: Item | undefined = undefined;

  constructor(key: Key, source: Source<Item>, merge: MergeSource<Key, Item>) {
    this.key = key;
    this.#source = source;
    this.#merge = merge;
  }

  ask(): void {
    if (this.#state !== "idle") return;
    this.#state = "asked";
    this.#source.pull(this);
  }

  take(): Item {
    const value = this.#value as Item; // Only a branch that has arrived is taken from.
    this.#value = undefined;
    this.#state = "idle";
    return value;
  }

  item(value: Item): void {
    if (this.#state !== "asked") return;
    this.#state = "full";
    this.#value = value;
    this.#merge["~arrived"](this);
  }

  end(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#merge["~ended"]();
  }

  fail(error: unknown): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#merge["~failed"](error);
  }

  close(cause?: Error): MaybePromise<void> {
    const wasOver = this.#state === "over";
    this.#state = "over";
    this.#value = undefined;
    return wasOver ? undefined : this.#source.close(cause);
  }
}
