import type { BaseRunManager } from "../callbacks/run-manager.ts";
import type { CancelScope } from "../streams/cancel-scope.ts";
import { andThen, isPromiseLike, type MaybePromise, whenSettled } from "../streams/maybe-promise.ts";
import { PeekSource } from "../streams/peek-source.ts";
import type { Sink, Source } from "../streams/source.ts";
import { closeRun, failRun } from "./close-run.ts";
import type { RunnableConfig } from "./config.ts";
import { effectiveConfig } from "./merge-configs.ts";
import { RunContext, type RunOwner } from "./run-context.ts";
import { scopeOf } from "./scoped-config.ts";

/**
 * The bookkeeping of a streamed call: starts the run when first pulled, tells of each item before it is handed on, and
 * closes the run once, whichever comes first of end, error, abort and a reader that leaves. Unobserved, the body itself.
 */
export function streamWithRun<Output>(
  owner: RunOwner,
  input: unknown,
  config: RunnableConfig | undefined,
  openBody: (context: RunContext) => Source<Output>,
): Source<Output> {
  const effective = effectiveConfig(config);
  const scope = scopeOf(effective);
  const manager = owner["~manager"](effective);
  if (manager === undefined) return openBody(new RunContext(effective, scope, undefined));
  return new RunSource(
    () => owner["~begin"](manager, { input, config: effective, defersInput: false }),
    (run) => openBody(new RunContext(effective, scope, run)),
    scope,
  );
}

/** A stream whose items are told in another form than its reader gets them. */
export interface ToldStream<Told, Output> {
  /** The stream where nobody observes. */
  unobserved(context: RunContext): Source<Output>;
  /** The stream as it is told. */
  observed(context: RunContext): Source<Told>;
  /** What the reader gets for an item that was told. Never throws. */
  handOn(told: Told): Output;
}

/** The same for a stream that is told in another form than its reader gets it. */
export function streamWithRunAs<Told, Output>(
  owner: RunOwner,
  input: unknown,
  config: RunnableConfig | undefined,
  stream: ToldStream<Told, Output>,
): Source<Output> {
  const effective = effectiveConfig(config);
  const scope = scopeOf(effective);
  const manager = owner["~manager"](effective);
  if (manager === undefined) return stream.unobserved(new RunContext(effective, scope, undefined));
  return new RunSource<Told, Output>(
    () => owner["~begin"](manager, { input, config: effective, defersInput: false }),
    (run) => stream.observed(new RunContext(effective, scope, run)),
    scope,
    undefined,
    stream,
  );
}

/**
 * The same for a step that reads a stream. Its run starts when the first input is there, so that a step that waits for
 * another is not told of as started; what it reads is summed for the end.
 */
export function transformWithRun<Input, Output>(
  owner: RunOwner,
  source: Source<Input>,
  config: RunnableConfig | undefined,
  openBody: (source: Source<Input>, context: RunContext) => Source<Output>,
): Source<Output> {
  const effective = effectiveConfig(config);
  const scope = scopeOf(effective);
  const manager = owner["~manager"](effective);
  if (manager === undefined) return openBody(source, new RunContext(effective, scope, undefined));
  const input = new PeekSource(source);
  return new RunSource(
    () => owner["~begin"](manager, { input: undefined, config: effective, defersInput: true }),
    (run) => openBody(new InputTap(input, run), new RunContext(effective, scope, run)),
    scope,
    input,
  );
}

class RunSource<Told, Output = Told> implements Source<Output>, Sink<Told> {
  readonly #begin: () => BaseRunManager;
  readonly #openBody: (run: BaseRunManager) => Source<Told>;
  readonly #scope: CancelScope | undefined;
  readonly #input: PeekSource<unknown> | undefined;
  readonly #form: Pick<ToldStream<Told, Output>, "handOn"> | undefined;
  #run: BaseRunManager | undefined = undefined;
  #body: Source<Told> | undefined = undefined;
  #sink: Sink<Output> | undefined = undefined;
  #closed = false;
  #left = false;

  constructor(
    begin: () => BaseRunManager,
    openBody: (run: BaseRunManager) => Source<Told>,
    scope: CancelScope | undefined,
    input?: PeekSource<unknown>,
    form?: Pick<ToldStream<Told, Output>, "handOn">,
  ) {
    this.#begin = begin;
    this.#openBody = openBody;
    this.#scope = scope;
    this.#input = input;
    this.#form = form;
  }

  pull(sink: Sink<Output>): void {
    this.#sink = sink;
    if (this.#body !== undefined) this.#body.pull(this);
    else if (this.#input !== undefined) this.#peek(this.#input);
    else this.#start();
  }

  item(value: Told): void {
    if (this.#closed) return;
    let told: MaybePromise<void>;
    try {
      told = this.#run?.chunk(value);
    } catch (error) {
      return this.#broke(error);
    }
    if (!isPromiseLike(told)) return this.#handOn(value);
    told.then(
      () => this.#handOn(value),
      (error) => this.#broke(error),
    );
  }

  end(): void {
    this.#settle(
      () => this.#run?.end(),
      (sink) => sink.end(),
    );
  }

  fail(error: unknown): void {
    this.#settle(
      () => failRun(this.#run, error, this.#scope?.cause === error),
      (sink) => sink.fail(error),
    );
  }

  close(cause?: Error): MaybePromise<void> {
    this.#left = true;
    if (this.#closed) return;
    this.#closed = true;
    this.#sink = undefined;
    // What is above closes before what is below is told of as closed: a child's last event comes before its parent's.
    const closing = this.#body === undefined ? this.#input?.close(cause) : this.#body.close(cause);
    return andThen(closing, () => closeRun(this.#run, cause));
  }

  /** What fails before it gives anything leaves nothing for this step to do, so that its run is never told of. */
  #peek(input: PeekSource<unknown>): void {
    input.peek(
      () => this.#start(),
      (error) => this.fail(error),
    );
  }

  #start(): void {
    if (this.#closed) return;
    let ready: MaybePromise<void>;
    try {
      this.#run = this.#begin();
      ready = this.#run.settled();
    } catch (error) {
      return this.#broke(error);
    }
    if (!isPromiseLike(ready)) return this.#open(this.#run);
    const run = this.#run;
    ready.then(
      () => this.#open(run),
      (error) => this.#broke(error),
    );
  }

  #open(run: BaseRunManager): void {
    // Whoever left while a handler was at work must not see the body start.
    if (this.#closed) return;
    try {
      this.#body = this.#openBody(run);
    } catch (error) {
      return this.#broke(error);
    }
    this.#body.pull(this);
  }

  #handOn(value: Told): void {
    const sink = this.#sink;
    if (this.#closed || sink === undefined) return;
    this.#sink = undefined;
    // Where no form is given, both are one type.
    sink.item(this.#form === undefined ? (value as unknown as Output) : this.#form.handOn(value));
  }

  /** A failure of ours, with the source below still open. */
  #broke(error: unknown): void {
    if (this.#closed) return;
    whenSettled((this.#body ?? this.#input)?.close(), () => this.fail(error));
  }

  #settle(close: () => MaybePromise<void>, tell: (sink: Sink<Output>) => void): void {
    if (this.#closed) return;
    this.#closed = true;
    const sink = this.#sink;
    this.#sink = undefined;
    if (sink === undefined) return;
    let closing: MaybePromise<void>;
    try {
      closing = close();
    } catch (error) {
      return sink.fail(error);
    }
    if (!isPromiseLike(closing)) return tell(sink);
    closing.then(
      () => {
        if (!this.#left) tell(sink);
      },
      (error) => {
        if (!this.#left) sink.fail(error);
      },
    );
  }
}

/** Sums what a step reads, for the end of its run. */
class InputTap<Input> implements Source<Input>, Sink<Input> {
  readonly #source: Source<Input>;
  readonly #run: BaseRunManager;
  #sink: Sink<Input> | undefined = undefined;

  constructor(source: Source<Input>, run: BaseRunManager) {
    this.#source = source;
    this.#run = run;
  }

  pull(sink: Sink<Input>): void {
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(value: Input): void {
    this.#run.chunkOfInput(value);
    this.#sink?.item(value);
  }

  end(): void {
    this.#sink?.end();
  }

  fail(error: unknown): void {
    this.#sink?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    return this.#source.close(cause);
  }
}
