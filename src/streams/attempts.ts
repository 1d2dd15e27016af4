import { andThen, isPromiseLike, type MaybePromise, whenSettled } from "./maybe-promise.ts";
import type { ReplaySource } from "./replay-source.ts";
import type { Sink, Source } from "./source.ts";

/** Decides what follows a failed attempt. */
export interface AttemptPolicy {
  /**
   * Called once after each failed attempt.
   *
   * @param index which attempt failed, from 0.
   * @returns once the next attempt may begin, now or later. Throws what the whole fails with where there is none.
   */
  afterFailure(error: unknown, index: number): MaybePromise<void>;
  /** Nobody waits for the next attempt any more. */
  leave?(): void;
}

/** How many attempts that fail at once follow each other in one go; every one more costs stack. */
const ATTEMPTS_PER_TURN = 100;

function endsTurn(index: number): boolean {
  return (index + 1) % ATTEMPTS_PER_TURN === 0;
}

/** Calls for an answer until an attempt gives one, or the policy throws. */
export function callAttempts<Output>(
  call: (index: number) => MaybePromise<Output>,
  policy: AttemptPolicy,
  index: number = 0,
): MaybePromise<Output> {
  const next = (): MaybePromise<Output> => callAttempts(call, policy, index + 1);
  const failed = (error: unknown): MaybePromise<Output> => {
    const ready = policy.afterFailure(error, index);
    return andThen(endsTurn(index) ? Promise.resolve(ready) : ready, next);
  };
  let outcome: MaybePromise<Output>;
  try {
    outcome = call(index);
  } catch (error) {
    return failed(error);
  }
  return isPromiseLike(outcome) ? outcome.then(undefined, failed) : outcome;
}

/**
 * The same for a stream: another attempt is only made before the first item, since what was handed on cannot be taken back.
 * One attempt is over, with what it held let go of, before the next begins.
 */
export class AttemptSource<Item> implements Source<Item>, Sink<Item> {
  readonly #open: (index: number) => Source<Item>;
  readonly #policy: AttemptPolicy;
  readonly #input: ReplaySource<unknown> | undefined;
  #source: Source<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #index = 0;
  #begun = false;
  #closed = false;

  /** @param input what each attempt reads from its beginning. */
  constructor(open: (index: number) => Source<Item>, policy: AttemptPolicy, input?: ReplaySource<unknown>) {
    this.#open = open;
    this.#policy = policy;
    this.#input = input;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    if (this.#source === undefined) this.#attempt();
    else this.#source.pull(this);
  }

  item(value: Item): void {
    if (!this.#begun) {
      this.#begun = true;
      this.#input?.forget();
    }
    this.#take()?.item(value);
  }

  end(): void {
    void this.#input?.close();
    this.#take()?.end();
  }

  fail(error: unknown): void {
    if (this.#closed) return;
    this.#source = undefined;
    // What broke for one attempt by its input breaks for all.
    if (this.#begun || this.#input?.broken) return this.#giveUp(error);
    let ready: MaybePromise<void>;
    try {
      ready = this.#policy.afterFailure(error, this.#index);
    } catch (final) {
      return this.#giveUp(final);
    }
    const isTurnOver = endsTurn(this.#index++);
    if (!isPromiseLike(ready) && !isTurnOver) return this.#attempt();
    Promise.resolve(ready).then(
      () => this.#attempt(),
      (final) => this.#giveUp(final),
    );
  }

  close(cause?: Error): MaybePromise<void> {
    this.#closed = true;
    this.#sink = undefined;
    this.#policy.leave?.();
    return andThen(this.#source?.close(cause), () => this.#input?.close(cause));
  }

  #attempt(): void {
    if (this.#closed) return;
    let source: Source<Item>;
    try {
      source = this.#open(this.#index);
    } catch (error) {
      return this.fail(error);
    }
    // What opened it may have left.
    if (this.#closed) return void source.close();
    this.#source = source;
    source.pull(this);
  }

  #giveUp(error: unknown): void {
    whenSettled(this.#input?.close(), () => this.#take()?.fail(error));
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
