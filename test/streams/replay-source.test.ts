import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplaySource } from "../../src/streams/replay-source.ts";
import { ListSource, ManualSource, pullOnce, readAll } from "../helpers/sources.ts";

describe("ReplaySource", () => {
  it("reads nothing before a reader does", () => {
    const source = new ManualSource<number>();
    new ReplaySource(source).open();
    expect(source.pulls).toBe(0);
  });

  it.each([false, true])("gives each reader all items from the first on (async %s)", async (isAsync) => {
    const source = new ListSource([1, 2, 3], { isAsync });
    const replay = new ReplaySource(source);
    const first = replay.open();
    expect(pullOnce(first)).toBeDefined();
    await Promise.resolve();
    expect(await readAll(replay.open())).toEqual({ items: [1, 2, 3] });
    expect(await readAll(replay.open())).toEqual({ items: [1, 2, 3] });
    expect(source.pulls).toBe(4);
  });

  it("gives each reader the failure of the source too, and says that it broke", async () => {
    const replay = new ReplaySource(new ListSource([1], { failure: { error: "broken" } }));
    expect(replay.broken).toBe(false);
    expect(await readAll(replay.open())).toEqual({ items: [1], error: "broken" });
    expect(replay.broken).toBe(true);
    expect(await readAll(replay.open())).toEqual({ items: [1], error: "broken" });
  });

  it("gives the reader that follows what the one before had asked for", () => {
    const source = new ManualSource<number>();
    const replay = new ReplaySource(source);
    const left = replay.open();
    const unanswered = pullOnce(left);
    const next = replay.open();
    const sink = pullOnce(next);
    expect(source.pulls).toBe(1);
    source.item(1);
    expect(unanswered.answers).toEqual([]);
    expect(sink.answers).toEqual([["item", 1]]);
    expect(pullOnce(left).answers).toEqual([]);
    expect(source.pulls).toBe(1);
  });

  it("keeps what comes while no reader waits", () => {
    const source = new ManualSource<number>();
    const replay = new ReplaySource(source);
    pullOnce(replay.open());
    const next = replay.open();
    source.item(1);
    expect(pullOnce(next).answers).toEqual([["item", 1]]);
    expect(replay.sum()).toBe(1);
    const ended = new ManualSource<number>();
    const other = new ReplaySource(ended);
    pullOnce(other.open());
    const follower = other.open();
    ended.end();
    expect(pullOnce(follower).answers).toEqual([["end"]]);
  });

  it("sums what it keeps", async () => {
    const replay = new ReplaySource(new ListSource(["a", "b"]));
    expect(replay.sum()).toBeUndefined();
    await readAll(replay.open());
    expect(replay.sum()).toBe("ab");
  });

  it("lets go of what was read once told to forget, but gives the reader what it has not had", async () => {
    const replay = new ReplaySource(new ListSource(["a", "b", "c"]));
    await readAll(replay.open());
    const reader = replay.open();
    pullOnce(reader);
    replay.forget();
    expect(replay.sum()).toBe("abc");
    expect(await readAll(reader)).toEqual({ items: ["b", "c"] });
    expect(replay.sum()).toBeUndefined();
  });

  it("keeps nothing after it was told to forget", () => {
    const source = new ManualSource<string>();
    const replay = new ReplaySource(source);
    const reader = replay.open();
    pullOnce(reader);
    source.item("a");
    replay.forget();
    for (const letter of "bcd") {
      const sink = pullOnce(reader);
      source.item(letter);
      expect(sink.answers).toEqual([["item", letter]]);
      expect(replay.sum()).toBeUndefined();
    }
  });

  it("stays open for readers that follow, until told to forget", () => {
    const source = new ManualSource<number>();
    const replay = new ReplaySource(source);
    const first = replay.open();
    first.close();
    expect(source.closes).toEqual([]);
    const last = replay.open();
    replay.forget();
    first.close();
    expect(source.closes).toEqual([]);
    const cause = new Error("over");
    last.close(cause);
    last.close(cause);
    expect(source.closes).toEqual([cause]);
  });

  it("is closed once, and gives no answer after that", () => {
    const source = new ManualSource<number>();
    const replay = new ReplaySource(source);
    const reader = replay.open();
    const sink = pullOnce(reader);
    const cause = new Error("over");
    replay.close(cause);
    replay.close();
    replay.item(1);
    replay.end();
    expect(source.closes).toEqual([cause]);
    expect(sink.answers).toEqual([]);
    expect(pullOnce(reader).answers).toEqual([]);
  });

  it("does not close a source that has ended", async () => {
    const source = new ListSource([1]);
    const replay = new ReplaySource(source);
    await readAll(replay.open());
    replay.close();
    expect(source.closes).toBe(0);
  });

  it("gives the last reader everything once, wherever the others stopped and whenever it is told to forget", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string(), { maxLength: 8 }),
        fc.array(fc.nat(8), { maxLength: 4 }),
        fc.nat(8),
        fc.boolean(),
        async (items, stops, forgetAt, isAsync) => {
          const source = new ListSource(items, { isAsync });
          const replay = new ReplaySource(source);
          for (const stop of stops) {
            const reader = replay.open();
            for (let count = 0; count < stop && count < items.length; count += 1) {
              await new Promise<void>((resolve) =>
                reader.pull({ item: () => resolve(), end: () => resolve(), fail: () => resolve() }),
              );
            }
          }
          const last = replay.open();
          const read: string[] = [];
          for (let count = 0; count < forgetAt && count < items.length; count += 1) {
            read.push(
              await new Promise<string>((resolve) =>
                last.pull({ item: resolve, end: () => undefined, fail: () => undefined }),
              ),
            );
          }
          replay.forget();
          const { items: rest } = await readAll(last);
          expect([...read, ...rest]).toEqual(items);
          expect(source.pulls).toBe(items.length + 1);
        },
      ),
      { numRuns: 300 },
    );
  });
});
