import { describe, expect, it, vi } from "vitest";
import { MapSource, SKIP } from "../../src/streams/map-source.ts";
import { ListSource, ManualSource, pullOnce, readAll } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

describe("MapSource", () => {
  it("gives one item for each, and passes the end through", async () => {
    const source = new ListSource([1, 2, 3]);
    expect(await readAll(new MapSource(source, (item) => item * 2))).toEqual({ items: [2, 4, 6] });
  });

  it("pulls its source once per pull, and not before", () => {
    const source = new ManualSource<number>();
    const mapped = new MapSource(source, (item) => item);
    expect(source.pulls).toBe(0);
    const sink = pullOnce(mapped);
    expect(source.pulls).toBe(1);
    source.item(1);
    expect(sink.answers).toEqual([["item", 1]]);
    expect(source.pulls).toBe(1);
  });

  it("passes a failure through", () => {
    const source = new ManualSource<number>();
    const sink = pullOnce(new MapSource(source, (item) => item));
    const error = new Error("broken");
    source.fail(error);
    expect(sink.answers).toEqual([["fail", error]]);
  });

  it.each([true, false])("pulls again after a skipped item (async: %s)", async (isAsync) => {
    const source = new ListSource([1, 2, 3, 4, 5], { isAsync });
    const odd = new MapSource(source, (item) => (item % 2 === 0 ? SKIP : item));
    expect(await readAll(odd)).toEqual({ items: [1, 3, 5] });
    expect(source.pulls).toBe(6);
  });

  it("does not pull on where its answer was no skip", () => {
    const source = new ListSource([1, 2, 3]);
    const mapped = new MapSource(source, (item) => (item === 1 ? SKIP : item));
    expect(pullOnce(mapped).answers).toEqual([["item", 2]]);
    expect(source.pulls).toBe(2);
  });

  it("does not grow the stack over 100,000 skips", async () => {
    const source = new ListSource(Array.from({ length: 100_000 }, (_, index) => index));
    const mapped = new MapSource(source, (item) => (item === 99_999 ? item : SKIP));
    expect(await readAll(mapped)).toEqual({ items: [99_999] });
  });

  it("takes a pull from inside its own answer, with skips in both", () => {
    const source = new ListSource([0, 1, 0, 2, 0, 3]);
    const mapped = new MapSource(source, (item) => (item === 0 ? SKIP : item));
    const seen: unknown[] = [];
    const sink = {
      item(value: number): void {
        seen.push(value);
        mapped.pull(sink);
      },
      end: () => seen.push("end"),
      fail: (error: unknown) => seen.push(error),
    };
    mapped.pull(sink);
    expect(seen).toEqual([1, 2, 3, "end"]);
    expect(source.pulls).toBe(7);
  });

  it("fails with what the mapping throws, and closes the source", () => {
    const source = new ManualSource<number>();
    const error = new Error("no such number");
    const sink = pullOnce(
      new MapSource(source, () => {
        throw error;
      }),
    );
    source.item(1);
    expect(sink.answers).toEqual([["fail", error]]);
    expect(source.closes).toEqual([undefined]);
  });

  it("closes its source with the cause, and waits for it", async () => {
    const source = new ManualSource<number>();
    const gate = defer();
    source.closing = gate.promise;
    const cause = new Error("over");
    expect(new MapSource(source, (item) => item).close(cause)).toBe(gate.promise);
    expect(source.closes).toEqual([cause]);
    gate.resolve();
  });

  it("gives no answer once it was closed, and maps nothing", () => {
    const source = new ListSource([1], { isAsync: true });
    const map = vi.fn((item: number) => item);
    const mapped = new MapSource(source, map);
    const sink = pullOnce(mapped);
    mapped.close();
    mapped.close();
    mapped.end();
    expect(sink.answers).toEqual([]);
    expect(map).not.toHaveBeenCalled();
  });

  it("waits for its source to be closed before it tells of a failure of its own, unless it is left", async () => {
    for (const isLeft of [false, true]) {
      const source = new ManualSource<number>();
      const gate = defer();
      source.closing = gate.promise;
      const mapped = new MapSource(source, () => {
        throw new Error("broken");
      });
      const sink = pullOnce(mapped);
      source.item(1);
      await settle();
      expect([sink.answers, source.closes.length]).toEqual([[], 1]);
      if (isLeft) void mapped.close();
      gate.resolve();
      await settle();
      expect(sink.answers).toHaveLength(isLeft ? 0 : 1);
    }
  });
});
