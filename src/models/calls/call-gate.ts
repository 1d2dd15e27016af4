import { CancelScope, raceWithScope } from "../../streams/cancel-scope.ts";
import { isPromiseLike, type MaybePromise, whenSettled } from "../../streams/maybe-promise.ts";
import { ReaderLeft } from "../../streams/reader-left.ts";
import type { Sink, Source } from "../../streams/source.ts";
import type { CallLimit } from "./call-limit.ts";
import type { RateLimiterLike } from "./rate-limiter-like.ts";

/** Holds up the calls of a model: first until few enough are under way, then until the rate allows one more. */
export class CallGate {
  readonly #limit: CallLimit | undefined;
  readonly #limiter: RateLimiterLike | undefined;

  constructor(limit: CallLimit | undefined, limiter: RateLimiterLike | undefined) {
    this.#limit = limit;
    this.#limiter = limiter;
  }

  /** Calls once there is leave. A call that was ended counts no more, though its hook may not have heard of it. */
  async call<Value>(scope: CancelScope | undefined, ask: () => MaybePromise<Value>): Promise<Value> {
    await this.enter(scope);
    try {
      const answer = ask();
      return isPromiseLike(answer) ? await raceWithScope(answer, scope) : answer;
    } finally {
      this.leave();
    }
  }

  /** The same for a stream, which counts until it is over or left. */
  stream<Item>(scope: CancelScope | undefined, open: () => Source<Item>): Source<Item> {
    return new GatedSource(this, scope, open);
  }

  /** Waits for leave; whoever got it gives it back with `leave`. */
  async enter(scope: CancelScope | undefined): Promise<void> {
    await this.#limit?.enter(scope);
    try {
      scope?.throwIfCancelled();
      // A limiter that does not listen to its signal must not keep the place of a call that was ended.
      const leave = this.#limiter?.acquire({ signal: scope?.signal });
      if (isPromiseLike(leave)) await raceWithScope(leave, scope);
      scope?.throwIfCancelled();
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.#limit?.leave();
  }
}

class GatedSource<Item> implements Source<Item>, Sink<Item> {
  readonly #gate: CallGate;
  /** Ends the wait also where only the reader leaves. */
  readonly #scope: CancelScope;
  readonly #open: () => Source<Item>;
  #source: Source<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #inside = false;

  constructor(gate: CallGate, parent: CancelScope | undefined, open: () => Source<Item>) {
    this.#gate = gate;
    this.#scope = new CancelScope({ parent });
    this.#open = open;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    if (this.#source !== undefined) return this.#source.pull(this);
    this.#gate.enter(this.#scope).then(
      () => this.#enter(),
      (error) => this.fail(error),
    );
  }

  item(value: Item): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#leave();
    this.#take()?.end();
  }

  fail(error: unknown): void {
    this.#leave();
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    const closing = this.#source?.close(cause);
    this.#scope.cancel(cause ?? new ReaderLeft());
    whenSettled(closing, () => this.#leave());
    return closing;
  }

  #enter(): void {
    this.#inside = true;
    try {
      // Leave may have been given in the moment in which the reader left.
      this.#scope.throwIfCancelled();
      this.#source = this.#open();
    } catch (error) {
      return this.fail(error);
    }
    this.#source.pull(this);
  }

  #leave(): void {
    this.#scope.dispose();
    if (!this.#inside) return;
    this.#inside = false;
    this.#gate.leave();
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
