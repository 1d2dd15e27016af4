/**
 * A value that is there already, or a promise of it. Inside linnet a step that has its answer at once
 * costs no promise; one appears only where the author's own code made one.
 */
export type MaybePromise<Value> = Value | PromiseLike<Value>;

/** Tells whether a value has to be waited for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/**
 * What an author's code gave, with a promise that is one of the language's: what else has a `then` may be waited for, but
 * need not give a promise of what comes after.
 */
export function fromAuthor<Value>(value: MaybePromise<Value>): MaybePromise<Value> {
  return isPromiseLike(value) ? toNative(value) : value;
}

function toNative<Value>(value: PromiseLike<Value>): Promise<Value> {
  return value instanceof Promise ? value : Promise.resolve(value);
}

/** Goes on with a value now, or once its promise has settled; a rejection passes through. */
export function andThen<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return isPromiseLike(value) ? toNative(value).then(next) : next(value);
}

/** Goes on once a value is there, or its promise has settled either way: what was to be closed is closed by then. */
export function whenSettled(value: MaybePromise<unknown>, next: () => void): void {
  if (isPromiseLike(value)) toNative(value).then(next, next);
  else next();
}

/** Turns a call that may throw or answer at once into a promise, without an extra turn where one is there already. */
export function toPromise<Value>(call: () => MaybePromise<Value>): Promise<Value> {
  try {
    const value = call();
    return value instanceof Promise ? value : Promise.resolve(value);
  } catch (error) {
    return Promise.reject(error);
  }
}
