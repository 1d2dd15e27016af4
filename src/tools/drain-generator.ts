import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { contextIterable } from "../runnables/context-iterable.ts";
import { type CancelScope, raceWithScope } from "../streams/cancel-scope.ts";
import { type AnyIterable, IteratorSource, nextOf } from "../streams/iterator-source.ts";
import { andThen } from "../streams/maybe-promise.ts";

/** A generator, sync or async. */
export type AnyGenerator = Generator<unknown> | AsyncGenerator<unknown>;

/** Whether a function gave a generator, which is read, or a value; a list is a value. */
export function isGenerator(value: unknown): value is AnyGenerator {
  if (typeof value !== "object" || value === null) return false;
  const { next, return: leave, throw: fail } = value as Partial<AnyGenerator>;
  const isOne = typeof next === "function" && typeof leave === "function" && typeof fail === "function";
  return isOne && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** Reads a tool's generator to its end, tells of what it yields, and gives what it returns. Left once its scope ends. */
export async function drainGenerator(
  given: AnyGenerator,
  config: RunnableConfig,
  run: CallbackManagerForToolRun | undefined,
  scope: CancelScope | undefined,
): Promise<unknown> {
  let returned: unknown;
  const source = new IteratorSource(
    keepReturned(contextIterable(given, config), (value) => {
      returned = value;
    }),
  );
  const next = (): PromiseLike<IteratorResult<unknown, undefined>> => {
    scope?.throwIfCancelled();
    return raceWithScope(nextOf(source), scope);
  };
  try {
    for (let result = await next(); !result.done; result = await next()) {
      if (run !== undefined) await raceWithScope(run.handleToolEvent(result.value), scope);
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  return returned;
}

/** The same iterable, whose returned value is kept: what reads streams has no use for one. */
function keepReturned(iterable: AnyIterable<unknown>, keep: (value: unknown) => void): AnyIterable<unknown> {
  const key = Symbol.asyncIterator in iterable ? Symbol.asyncIterator : Symbol.iterator;
  const iterator = (iterable as unknown as Record<typeof key, () => AnyGenerator>)[key]();
  const kept = {
    next: () =>
      andThen(iterator.next() as IteratorResult<unknown>, (result) => {
        if (result.done) keep(result.value);
        return result;
      }),
    return: () => iterator.return(undefined),
  };
  return { [key]: () => kept } as unknown as AnyIterable<unknown>;
}
