import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttemptPolicy, AttemptSource } from "../../src/streams/attempts.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { withChunkLimits } from "../../src/streams/chunk-timeout.ts";
import { CopiedSource } from "../../src/streams/copied-source.ts";
import { DetachedSource } from "../../src/streams/detached-source.ts";
import { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import { IteratorSource } from "../../src/streams/iterator-source.ts";
import { LazySource } from "../../src/streams/lazy-source.ts";
import { MapSource, SKIP } from "../../src/streams/map-source.ts";
import { MergeSource } from "../../src/streams/merge-source.ts";
import { PeekSource } from "../../src/streams/peek-source.ts";
import { SequelSource } from "../../src/streams/sequel-source.ts";
import type { Source } from "../../src/streams/source.ts";
import { teeSource } from "../../src/streams/tee-source.ts";
import { TimedSource } from "../../src/streams/timed-source.ts";
import { ListSource, RecordingSink } from "../helpers/sources.ts";
import { settle } from "../helpers/timing.ts";

/** The first failure is the last. */
const NO_MORE: AttemptPolicy = {
  afterFailure(error) {
    throw error;
  },
};

/** Each kind of source, built over another. */
const kinds: [string, (upstream: Source<number>) => Source<unknown>][] = [
  ["IteratorSource", (upstream) => new IteratorSource(new IterableReadableStream(() => upstream))],
  ["MapSource", (upstream) => new MapSource(upstream, (item) => item)],
  ["MapSource that skips", (upstream) => new MapSource(upstream, (item) => (item < 0 ? SKIP : item))],
  ["LazySource", (upstream) => new LazySource(() => upstream)],
  ["LazySource that opens later", (upstream) => new LazySource(async () => upstream)],
  ["PeekSource", (upstream) => new PeekSource(upstream)],
  ["DetachedSource", (upstream) => new DetachedSource(upstream)],
  [
    "TimedSource",
    (upstream) =>
      new TimedSource(
        () => new CancelScope(),
        () => upstream,
      ),
  ],
  ["a lone branch of a tee", (upstream) => teeSource(upstream, 1)[0] as Source<number>],
  ["CopiedSource", (upstream) => new CopiedSource(upstream)],
  ["SequelSource, first part", (upstream) => new SequelSource(upstream, new ListSource([]))],
  ["SequelSource, second part", (upstream) => new SequelSource(new ListSource([]), upstream)],
  ["AttemptSource", (upstream) => new AttemptSource(() => upstream, NO_MORE)],
  ["ChunkTimeoutSource", (upstream) => withChunkLimits(upstream, new CancelScope({ timeout: { chunkMs: 5_000 } }))],
  ["MergeSource", (upstream) => new MapSource(new MergeSource([["key", upstream]]), ([, item]) => item)],
];

describe.each(kinds)("%s", (_name, build) => {
  const upstreams = fc.record({
    items: fc.array(fc.nat({ max: 9 }), { maxLength: 6 }),
    isAsync: fc.boolean(),
    failure: fc.constantFrom(undefined, { error: "broken" }),
  });

  it("starts nothing before it is pulled", async () => {
    const upstream = new ListSource([1]);
    build(upstream);
    await settle(1);
    expect(upstream.pulls).toBe(0);
  });

  it("answers each pull once, in order, to the end or the failure", async () => {
    await fc.assert(
      fc.asyncProperty(upstreams, async ({ items, isAsync, failure }) => {
        const upstream = new ListSource(items, { isAsync, ...(failure && { failure }) });
        const source = build(upstream);
        const answers: unknown[] = [];
        for (let pull = 0; pull <= items.length; pull += 1) {
          const sink = new RecordingSink();
          source.pull(sink);
          for (let turn = 0; turn < 3 && sink.answers.length === 0; turn += 1) await settle(1);
          expect(sink.answers).toHaveLength(1);
          answers.push(sink.answers[0]);
        }
        const last = failure === undefined ? ["end"] : ["fail", "broken"];
        expect(answers).toEqual([...items.map((item) => ["item", item]), last]);
        expect(upstream.pulls).toBe(items.length + 1);
        expect(upstream.closes).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("gives no answer after it was closed, however often, and releases what is above it", async () => {
    await fc.assert(
      fc.asyncProperty(upstreams, fc.nat({ max: 5 }), fc.boolean(), async ({ items, isAsync }, reads, isPending) => {
        const upstream = new ListSource(items, { isAsync });
        const source = build(upstream);
        const before = Math.min(reads, items.length);
        for (let pull = 0; pull < before; pull += 1) {
          const sink = new RecordingSink();
          source.pull(sink);
          for (let turn = 0; turn < 3 && sink.answers.length === 0; turn += 1) await settle(1);
        }
        const sink = new RecordingSink();
        if (isPending) source.pull(sink);
        const answersBefore = sink.answers.length;
        await source.close();
        const pulls = upstream.pulls;
        await source.close();
        await settle();
        expect(sink.answers).toHaveLength(answersBefore);
        expect(upstream.pulls).toBe(pulls);
        // What was never started, or has ended, holds nothing.
        if (before > 0 && !isPending) expect(upstream.closes).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });
});
