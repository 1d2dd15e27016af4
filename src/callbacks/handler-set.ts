import { EventEmitter } from "eventemitter3";
import { reportError } from "../errors/reporter.ts";
import { isPromiseLike } from "../streams/maybe-promise.ts";
import { asyncContext } from "./async-context.ts";
import { queueOf } from "./background-queue.ts";
import type { CallbackHandler } from "./handler.ts";
import { handlerName } from "./handler-name.ts";
import { isIgnored, type Moment, TELL, TELL_CHAT_START_AS_TEXT, type TellHandler } from "./moments.ts";
import { noteRaised } from "./raised-errors.ts";
import type { Run } from "./run.ts";
import { isRunObserver, OBSERVER_MOMENTS, type ObserverMoment, type RunObserver } from "./run-observer.ts";

/** Whatever can be attached to a run. */
export type Listener = CallbackHandler | RunObserver;

/** All that is emitted on a set. */
export type Signal = Moment | ObserverMoment;

let empty: HandlerSet | undefined;

/**
 * An unchanging list of handlers with one emitter, each handler attached for the moments it implements. A set is found
 * again by the way it was built (`with`), so that the runs of a call, and the calls of a long-lived handler, share it.
 */
export class HandlerSet {
  /** No handlers. */
  static get EMPTY(): HandlerSet {
    empty ??= new HandlerSet([]);
    return empty;
  }

  readonly listeners: readonly Listener[];
  /** Whether one of them wants models to stream. */
  readonly prefersStreaming: boolean;
  /** Who is told of chunks. Each token passes all runs of a chain: found once, not by the emitter each time. */
  readonly #onChunk: readonly EmitterListener[];
  readonly #emitter: EventEmitter<Signal>;
  #longer: WeakMap<Listener, HandlerSet> | undefined = undefined;

  private constructor(listeners: readonly Listener[]) {
    this.listeners = listeners;
    this.prefersStreaming = listeners.some((listener) => listener.lc_prefer_streaming === true);
    this.#emitter = new EventEmitter();
    for (const listener of listeners) attach(this.#emitter, listener);
    this.#onChunk = this.#emitter.listeners("runStreamed") as EmitterListener[];
  }

  get isEmpty(): boolean {
    return this.listeners.length === 0;
  }

  /** This set and one handler more; the set itself where it has that already. */
  with(listener: Listener): HandlerSet {
    if (this.listeners.includes(listener)) return this;
    this.#longer ??= new WeakMap();
    let longer = this.#longer.get(listener);
    if (longer === undefined) {
      longer = new HandlerSet([...this.listeners, listener]);
      this.#longer.set(listener, longer);
    }
    return longer;
  }

  /** This set without one handler. */
  without(listener: Listener): HandlerSet {
    return HandlerSet.of(this.listeners.filter((kept) => kept !== listener));
  }

  /** The set of a list of handlers. */
  static of(listeners: readonly Listener[]): HandlerSet {
    let set = HandlerSet.EMPTY;
    for (const listener of listeners) set = set.with(listener);
    return set;
  }

  /** Whether anybody is told of a moment. */
  hears(signal: Signal): boolean {
    return this.listeners.length > 0 && this.#emitter.listenerCount(signal) > 0;
  }

  /** Whether anybody is told of chunks. */
  get hearsChunks(): boolean {
    return this.#onChunk.length > 0;
  }

  /** Tells of a chunk: what `tell` does for `runStreamed`. */
  tellChunk(run: Run, chunk: unknown): void {
    for (const listener of this.#onChunk) listener(run, chunk, undefined, undefined);
  }

  /** Tells all that are attached for it. Never throws. At most four arguments: past that the emitter gets slow. */
  tell(signal: Signal, run: Run, first?: unknown, second?: unknown, third?: unknown): void {
    this.#emitter.emit(signal, run, first, second, third);
  }
}

function attach(emitter: EventEmitter<Signal>, listener: Listener): void {
  if (isRunObserver(listener)) {
    for (const moment of OBSERVER_MOMENTS) emitter.on(moment, observerListener(listener, moment));
    return;
  }
  for (const moment of Object.keys(TELL) as Moment[]) {
    if (typeof listener[moment] !== "function" || isIgnored(listener, moment)) continue;
    emitter.on(moment, handlerListener(listener, moment, TELL[moment]));
  }
  const hearsChatAsText =
    typeof listener.handleChatModelStart !== "function" &&
    typeof listener.handleLLMStart === "function" &&
    !isIgnored(listener, "handleLLMStart");
  if (hearsChatAsText) {
    emitter.on("handleChatModelStart", handlerListener(listener, "handleLLMStart", TELL_CHAT_START_AS_TEXT));
  }
}

type EmitterListener = (run: Run, first: unknown, second: unknown, third: unknown) => void;

/**
 * The emitter never gets the method itself: a throw would stop it before the next handler, and it drops promises. A
 * handler that is still busy with this run is told after that, so that it hears everything in order.
 */
function handlerListener(handler: CallbackHandler, moment: Moment, tell: TellHandler): EmitterListener {
  // A tracer of the peer is told by the peer's runs too: beside them, a queue of ours would be late.
  const isQueued = handler.awaitHandlers === false && !("_addRunToRunMap" in handler);
  const queue = isQueued ? queueOf(handler) : undefined;
  return (run, first, second, third) => {
    if (queue?.admits() === false) return;
    const holder = queue ?? run;
    const busy = holder["~busyWith"](handler);
    if (busy !== undefined) {
      const next = busy.then(() => tellOutside(tell, handler, run, first, second, third));
      holder["~waitFor"](handler, next, (error) => failed(handler, moment, run, error));
      if (queue?.room !== undefined) run["~waitFor"](queue, queue.room, reportNothing);
      return;
    }
    try {
      const result = tellOutside(tell, handler, run, first, second, third);
      if (isPromiseLike(result)) holder["~waitFor"](handler, result, (error) => failed(handler, moment, run, error));
    } catch (error) {
      failed(handler, moment, run, error);
    }
  };
}

/**
 * A handler is outside of the run that it is told of: what it calls is no child of that run in the async context, or it would
 * be told of its own calls without end.
 */
function tellOutside(
  tell: TellHandler,
  handler: CallbackHandler,
  run: Run,
  first: unknown,
  second: unknown,
  third: unknown,
): unknown {
  const context = asyncContext();
  const isBare = context === undefined || (context.get() === undefined && context.variables?.() === undefined);
  if (isBare) return tell(handler, run, first, second, third);
  return context.run(undefined, () => tell(handler, run, first, second, third));
}

/** Room is always made in the end; nothing is thrown there. */
function reportNothing(): void {}

function observerListener(observer: RunObserver, moment: ObserverMoment): EmitterListener {
  // One type for the five: the arguments are those that the run passes for the moment.
  const method = observer[moment] as (run: Run, first: unknown, second: unknown) => unknown;
  const report = (error: unknown): void => reportError(error, moment);
  return (run, first, second) => {
    try {
      const result = method.call(observer, run, first, second);
      if (!isPromiseLike(result)) return;
      const settled = Promise.resolve(result).then(undefined, report);
      const busy = run["~busyWith"](observer);
      run["~waitFor"](observer, busy === undefined ? settled : Promise.all([busy, settled]), report);
    } catch (error) {
      report(error);
    }
  };
}

function failed(handler: CallbackHandler, moment: Moment, run: Run, error: unknown): void {
  if (handler.raiseError === true && handler.awaitHandlers !== false) {
    noteRaised(error);
    run["~raise"](error);
  } else reportError(error, `handler ${handlerName(handler)}.${moment}`);
}
