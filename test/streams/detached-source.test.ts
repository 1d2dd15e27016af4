import { describe, expect, it } from "vitest";
import { DetachedSource } from "../../src/streams/detached-source.ts";
import { ManualSource, pullOnce } from "../helpers/sources.ts";
import { settle } from "../helpers/timing.ts";

describe("DetachedSource", () => {
  it.each<[string, (source: ManualSource) => void, unknown]>([
    ["an item", (source) => source.item(1), ["item", 1]],
    ["the end", (source) => source.end(), ["end"]],
    ["a failure", (source) => source.fail("broken"), ["fail", "broken"]],
  ])("hands a pull, and %s, on in a turn of their own", async (_name, answer, expected) => {
    const source = new ManualSource();
    const sink = pullOnce(new DetachedSource(source));
    expect(source.pulls).toBe(0);
    await settle(1);
    expect(source.pulls).toBe(1);
    answer(source);
    expect(sink.answers).toEqual([]);
    await settle(1);
    expect(sink.answers).toEqual([expected]);
  });

  it("hands nothing on once it was closed", async () => {
    const early = new ManualSource<number>();
    const detached = new DetachedSource(early);
    pullOnce(detached);
    detached.close();
    await settle();
    expect(early.pulls).toBe(0);

    const late = new ManualSource<number>();
    const pulled = new DetachedSource(late);
    const sink = pullOnce(pulled);
    await settle();
    late.item(1);
    pulled.close();
    await settle();
    expect(sink.answers).toEqual([]);
  });

  it("closes its source, with the cause", () => {
    const source = new ManualSource<number>();
    const closing = Promise.resolve();
    source.closing = closing;
    const cause = new Error("over");
    expect(new DetachedSource(source).close(cause)).toBe(closing);
    expect(source.closes).toEqual([cause]);
  });
});
