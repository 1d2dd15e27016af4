import type { CancelScope } from "./cancel-scope.ts";
import { IterableReadableStream } from "./iterable-readable-stream.ts";
import type { Source } from "./source.ts";

/**
 * Lets code that wants the language's own protocol read a source. Nothing starts before the first `next`; the source is let
 * go of also by a reader that leaves without having read, which a generator function would not notice.
 *
 * @param scope the scope around it: the language's `return` has no word for why it ends, and the scope knows.
 */
export function toAsyncGenerator<Item>(
  source: Source<Item>,
  scope?: CancelScope,
): AsyncGenerator<Item, void, undefined> {
  const within: Source<Item> = {
    pull: (sink) => source.pull(sink),
    close: (cause) => source.close(cause ?? scope?.cause),
  };
  const stream = new IterableReadableStream(
    () => within,
    undefined,
    () => within.close(),
  );
  // It has every method that the language gives to generators.
  return stream as unknown as AsyncGenerator<Item, void, undefined>;
}
