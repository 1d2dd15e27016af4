import { type AsyncContext, asyncContext } from "../callbacks/async-context.ts";
import type { AnyIterable } from "../streams/iterator-source.ts";
import type { RunnableConfig } from "./config.ts";

/**
 * Runs every step of an author's generator in the async context, not only its first: a generator is resumed by whoever
 * reads it, and would otherwise see that one's context. The iterable itself where none is installed.
 */
export function contextIterable<Item>(iterable: AnyIterable<Item>, config: RunnableConfig): AnyIterable<Item> {
  const context = asyncContext();
  return context === undefined ? iterable : inContext(iterable, config, context);
}

function inContext<Item>(
  iterable: AnyIterable<Item>,
  config: RunnableConfig,
  context: AsyncContext,
): AnyIterable<Item> {
  const isAsync = Symbol.asyncIterator in iterable;
  const open = (): AsyncIterator<Item> | Iterator<Item> =>
    context.run(config, () =>
      isAsync ? iterable[Symbol.asyncIterator]() : (iterable as Iterable<Item>)[Symbol.iterator](),
    );
  let iterator: AsyncIterator<Item> | Iterator<Item> | undefined;
  const entered = {
    next: () => {
      iterator ??= open();
      return context.run(config, () => (iterator as Iterator<Item>).next());
    },
    return: (value?: unknown) => {
      iterator ??= open();
      return context.run(config, () => iterator?.return?.(value) ?? { value: undefined, done: true as const });
    },
  };
  // The same protocol as the iterable it stands for, sync or async.
  const key = isAsync ? Symbol.asyncIterator : Symbol.iterator;
  return { [key]: () => entered } as unknown as AnyIterable<Item>;
}
