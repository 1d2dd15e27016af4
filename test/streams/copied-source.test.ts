import { describe, expect, it } from "vitest";
import { CopiedSource } from "../../src/streams/copied-source.ts";
import { gather } from "../../src/streams/gather.ts";
import { ListSource, ManualSource, pullOnce, RecordingSink, readAll } from "../helpers/sources.ts";

describe("CopiedSource", () => {
  it("gives its reader the source, and the copy the same", async () => {
    for (const isAsync of [false, true]) {
      const copied = new CopiedSource(new ListSource([1, 2, 3], { isAsync }));
      expect(await readAll(copied)).toEqual({ items: [1, 2, 3] });
      expect(await readAll(copied.copy)).toEqual({ items: [1, 2, 3] });
    }
  });

  it("gives both the failure", async () => {
    const failure = { error: new Error("broken") };
    const copied = new CopiedSource(new ListSource([1], { failure }));
    expect(await readAll(copied)).toEqual({ items: [1], ...failure });
    expect(await readAll(copied.copy)).toEqual({ items: [1], ...failure });
  });

  it("keeps more than a few items for a copy that lags", async () => {
    const items = Array.from({ length: 1000 }, (_, index) => index);
    const copied = new CopiedSource(new ListSource(items));
    await readAll(copied);
    expect(await readAll(copied.copy)).toEqual({ items });
  });

  it("does not pull for the copy", () => {
    const source = new ManualSource<number>();
    const copied = new CopiedSource(source);
    const waiting = pullOnce(copied.copy);
    expect([source.pulls, waiting.answers]).toEqual([0, []]);
    const first = pullOnce(copied);
    source.item(1);
    expect([first.answers, waiting.answers]).toEqual([[["item", 1]], [["item", 1]]]);
    expect(source.pulls).toBe(1);
  });

  it("hands an item to its reader first, an end and a failure to the copy first", () => {
    for (const [last, tell] of [
      ["end", (source: ManualSource) => source.end()],
      ["fail", (source: ManualSource) => source.fail("broken")],
    ] as const) {
      const order: string[] = [];
      const source = new ManualSource();
      const copied = new CopiedSource(source);
      const sink = (name: string) => ({
        item: () => order.push(`${name} item`),
        end: () => order.push(`${name} end`),
        fail: () => order.push(`${name} fail`),
      });
      copied.copy.pull(sink("copy"));
      copied.pull(sink("reader"));
      source.item(1);
      copied.copy.pull(sink("copy"));
      copied.pull(sink("reader"));
      tell(source);
      expect(order).toEqual(["reader item", "copy item", `copy ${last}`, `reader ${last}`]);
    }
  });

  it("keeps the order for a copy that is read from inside its own answers", async () => {
    const copied = new CopiedSource(new ListSource(["a", "b", "c"]));
    const sum = gather(copied.copy);
    await readAll(copied);
    expect(await sum).toBe("abc");
  });

  it("closes the source with its reader, not with the copy", () => {
    const source = new ManualSource<number>();
    const copied = new CopiedSource(source);
    const [reader, copy] = [pullOnce(copied), pullOnce(copied.copy)];
    copied.copy.close();
    expect(source.closes).toEqual([]);
    source.item(1);
    expect([reader.answers, copy.answers]).toEqual([[["item", 1]], []]);
    const cause = new Error("stop");
    source.closing = Promise.resolve();
    expect(copied.close(cause)).toBe(source.closing);
    expect(source.closes).toEqual([cause]);
    const late = new RecordingSink<number>();
    copied.copy.pull(late);
    expect(late.answers).toEqual([]);
  });

  it("answers nobody after it was closed", () => {
    const source = new ManualSource<number>();
    const copied = new CopiedSource(source);
    const reader = pullOnce(copied);
    void copied.close();
    copied.item(1);
    copied.end();
    copied.fail("late");
    expect(reader.answers).toEqual([]);
  });
});
