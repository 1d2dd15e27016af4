import { LinnetError } from "../errors/linnet-error.ts";

/**
 * A web stream over an async iterator: pulled, never ahead by more than the one item a web stream asks for. Cancelling it
 * returns the iterator.
 *
 * @throws LinnetError `NOT_SUPPORTED` where the runtime has no web streams.
 */
export function toReadableStream<Item>(iterator: AsyncIterator<Item>): ReadableStream<Item> {
  if (globalThis.ReadableStream === undefined) {
    throw new LinnetError(
      "Expected a runtime with web streams, and this one has no ReadableStream. Iterate with for await instead.",
      { code: "NOT_SUPPORTED" },
    );
  }
  return new ReadableStream<Item>(
    {
      async pull(controller) {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Iterates a web stream. Not a generator, whose `return` would wait behind a pending read: leaving cancels the stream at
 * once.
 */
export function readWebStream<Item>(stream: ReadableStream<Item>): AsyncIterator<Item, undefined> {
  const reader = stream.getReader();
  return {
    async next() {
      let over = true;
      try {
        const { value, done } = await reader.read();
        if (done) return { value: undefined, done: true };
        over = false;
        return { value, done: false };
      } finally {
        if (over) reader.releaseLock();
      }
    },
    async return() {
      await reader.cancel();
      reader.releaseLock();
      return { value: undefined, done: true };
    },
  };
}
