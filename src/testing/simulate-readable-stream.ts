import { createAbortController } from "../streams/abort-controller.ts";
import { toReadableStream } from "../streams/readable-stream.ts";
import { ReaderLeft } from "../streams/reader-left.ts";
import { pause } from "./pause.ts";

/** What a simulated stream gives, and when. */
export interface SimulatedStream<Chunk> {
  /** What it gives, in this order. */
  readonly chunks: readonly Chunk[];
  /** Milliseconds before the first chunk; null is none, as 0. Default: 0. */
  readonly initialDelayInMs?: number | null | undefined;
  /** Milliseconds before each chunk after the first; null is none, as 0. Default: 0. */
  readonly chunkDelayInMs?: number | null | undefined;
}

/**
 * A web stream that gives what it is told to, at the pace it is told to; for tests of what reads a provider's stream.
 * Cancelling it stops its timer.
 *
 * @throws LinnetError `NOT_SUPPORTED` where the runtime has no web streams.
 *
 * @example
 * ```ts
 * import { simulateReadableStream } from "linnet/testing";
 *
 * const stream = simulateReadableStream({ chunks: ["Hello", " ", "World!"], chunkDelayInMs: 5 });
 * for await (const chunk of stream) console.log(chunk);
 * ```
 */
export function simulateReadableStream<Chunk>(stream: SimulatedStream<Chunk>): ReadableStream<Chunk> {
  const { initialDelayInMs, chunkDelayInMs } = stream;
  const chunks = [...stream.chunks];
  const left = createAbortController();
  let place = 0;
  return toReadableStream<Chunk>({
    async next() {
      if (place === chunks.length) return { value: undefined, done: true };
      await pause(place === 0 ? initialDelayInMs : chunkDelayInMs, left.signal);
      place += 1;
      return { value: chunks[place - 1] as Chunk, done: false };
    },
    async return() {
      left.abort(new ReaderLeft());
      return { value: undefined, done: true };
    },
  });
}
