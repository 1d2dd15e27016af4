import { isPromiseLike } from "../../streams/maybe-promise.ts";

/** The hooks that answer, and those that stream. */
const GENERATE_HOOKS = ["_agenerate", "_generate", "_acall", "_call"] as const;
const STREAM_HOOKS = ["_astream", "_streamResponseChunks", "_stream"] as const;

type Method = (...parameters: unknown[]) => unknown;
type Methods = Record<PropertyKey, Method | undefined>;

/** The methods that watch. */
const watchers: WeakSet<object> = /* @__PURE__ */ new WeakSet();

/**
 * Watches which hooks of a model are at work, by methods of the object itself in front of those of its class. What they
 * take and give passes through unchanged.
 */
export class WatchedHooks {
  /** How many hooks are at work. */
  open = 0;
  /** How many were called. */
  started = 0;
  /** Whether a stream hook gave an iterator that cannot be left. */
  cannotLeave = false;
  readonly #model: Methods;
  /** By hook, what stood in its place: one of the object itself, or nothing. */
  readonly #watched = new Map<string, PropertyDescriptor | undefined>();

  constructor(model: object) {
    this.#model = model as Methods;
    for (const hook of GENERATE_HOOKS) this.#watch(hook, (given, end) => watchAnswer(given, end));
    for (const hook of STREAM_HOOKS) this.#watch(hook, (given, end) => this.#watchStream(given, end));
  }

  /** Leaves the model as it was. */
  unwatch(): void {
    for (const [hook, own] of this.#watched) {
      if (own === undefined) delete this.#model[hook];
      else Object.defineProperty(this.#model, hook, own);
    }
  }

  #watch(hook: string, watchGiven: (given: unknown, end: () => void) => unknown): void {
    const original = this.#model[hook];
    const own = Object.getOwnPropertyDescriptor(this.#model, hook);
    // Of a model that others watch too, the first has its hooks.
    if (typeof original !== "function" || watchers.has(original) || !isOpenTo(this.#model, own)) return;
    const start = (): (() => void) => this.#start();
    const value = function (this: unknown, ...parameters: unknown[]): unknown {
      const end = start();
      try {
        return watchGiven(original.apply(this, parameters), end);
      } catch (error) {
        end();
        throw error;
      }
    };
    watchers.add(value);
    Object.defineProperty(this.#model, hook, { value, configurable: true, writable: true });
    this.#watched.set(hook, own);
  }

  /** Notes that a hook is at work. Returns what notes that it has ended, once. */
  #start(): () => void {
    let isOpen = true;
    this.started += 1;
    this.open += 1;
    return () => {
      if (isOpen) this.open -= 1;
      isOpen = false;
    };
  }

  #watchStream(given: unknown, end: () => void): unknown {
    if (!isPromiseLike(given)) return this.#watchIterable(given, end);
    return given.then(
      (iterable) => this.#watchIterable(iterable, end),
      (error) => {
        end();
        throw error;
      },
    );
  }

  #watchIterable(given: unknown, end: () => void): unknown {
    const iterable = (given ?? {}) as Methods;
    const symbol = [Symbol.asyncIterator, Symbol.iterator].find((kind) => typeof iterable[kind] === "function");
    // Of a list all is there; and what is no iterable, the model's base complains of.
    if (symbol === undefined || Array.isArray(given)) {
      end();
      return given;
    }
    const open = (): object => this.#watchIterator(iterable[symbol]?.() as Methods, end);
    // Of a generator, authors also call the methods.
    if (typeof iterable.next !== "function") return { [symbol]: open };
    const iterator = open();
    return Object.assign(iterator, { [symbol]: () => iterator });
  }

  #watchIterator(iterator: Methods, end: () => void): object {
    this.cannotLeave ||= typeof iterator.return !== "function";
    const watched: Methods = {};
    for (const method of ["next", "return", "throw"] as const) {
      if (typeof iterator[method] !== "function") continue;
      const watch = (...parameters: unknown[]): unknown => watchStep(() => iterator[method]?.(...parameters), end);
      watched[method] = watch;
    }
    return watched;
  }
}

/** Whether a method may be put in front of what stands there. */
function isOpenTo(model: object, own: PropertyDescriptor | undefined): boolean {
  return own === undefined ? Object.isExtensible(model) : own.configurable === true;
}

function watchAnswer(given: unknown, end: () => void): unknown {
  if (isPromiseLike(given)) given.then(end, end);
  else end();
  return given;
}

function watchStep(step: () => unknown, end: () => void): unknown {
  try {
    const given = step();
    const look = (result: unknown): void => {
      if ((result as { done?: boolean } | undefined)?.done) end();
    };
    if (isPromiseLike(given)) given.then(look, end);
    else look(given);
    return given;
  } catch (error) {
    end();
    throw error;
  }
}
