import { reportError } from "../../errors/reporter.ts";
import { isPromiseLike, type MaybePromise } from "../../streams/maybe-promise.ts";

/**
 * Makes calls one after the other, each once the promise of the one before has settled; without a promise where none of them
 * gives one. One that fails keeps no other from being made.
 *
 * @param place where the failures are, for the error reporter, which is told of all but the first.
 * @throws the first failure, once all calls were made.
 */
export function inTurn<Value>(
  calls: readonly (() => unknown)[],
  value: Value,
  place: string,
  failed?: { readonly error: unknown },
): MaybePromise<Value> {
  let failure = failed;
  const fail = (error: unknown): void => {
    if (failure === undefined) failure = { error };
    else reportError(error, place);
  };
  for (const [index, call] of calls.entries()) {
    try {
      const given = call();
      if (!isPromiseLike(given)) continue;
      const goOn = (): MaybePromise<Value> => inTurn(calls.slice(index + 1), value, place, failure);
      return Promise.resolve(given).then(undefined, fail).then(goOn);
    } catch (error) {
      fail(error);
    }
  }
  if (failure !== undefined) throw failure.error;
  return value;
}
