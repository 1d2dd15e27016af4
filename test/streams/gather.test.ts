import { describe, expect, it, vi } from "vitest";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { gather, gatherWithin } from "../../src/streams/gather.ts";
import { ListSource, ManualSource } from "../helpers/sources.ts";
import { settle } from "../helpers/timing.ts";

/** A chunk that cannot be added to. */
class Lone {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }

  concat(): Lone {
    throw this.error;
  }
}

describe("gather", () => {
  it("gives the sum itself where all is there at once", () => {
    expect(gather(new ListSource(["a", "b", "c"]))).toBe("abc");
  });

  it("gives a promise of the sum where it is not", async () => {
    const sum = gather(new ListSource(["a", "b", "c"], { isAsync: true }));
    expect(sum).toBeInstanceOf(Promise);
    expect(await sum).toBe("abc");
  });

  it("gives a lone item as it is", () => {
    const item = { some: "value" };
    expect(gather(new ListSource([item]))).toBe(item);
  });

  it("is undefined where nothing comes", async () => {
    expect(gather(new ListSource([]))).toBeUndefined();
    expect(await gather(new ListSource([], { isAsync: true }))).toBeUndefined();
  });

  it("throws, or rejects, with the failure of the source", async () => {
    const error = new Error("broken");
    expect(() => gather(new ListSource(["a"], { failure: { error } }))).toThrow(error);
    await expect(gather(new ListSource(["a"], { isAsync: true, failure: { error } }))).rejects.toBe(error);
  });

  it("pulls one at a time, and not after the end", () => {
    const source = new ManualSource<string>();
    const sum = gather(source);
    expect(source.pulls).toBe(1);
    source.item("a");
    expect(source.pulls).toBe(2);
    source.end();
    expect(source.pulls).toBe(2);
    return expect(sum).resolves.toBe("a");
  });

  it("does not grow the stack over 100,000 items that are there at once", () => {
    expect(gather(new ListSource(Array.from({ length: 100_000 }, () => 1)))).toBe(100_000);
  });

  it("goes on in a loop after a turn, where items come in bursts", async () => {
    const source = new ManualSource<number>();
    const sum = gather({
      pull: (sink) => (source.pulls === 0 ? source.pull(sink) : list.pull(sink)),
      close: () => {},
    });
    const list = new ListSource(Array.from({ length: 50_000 }, () => 1));
    source.item(1);
    expect(await sum).toBe(50_001);
  });

  it.each([true, false])("closes the source where the items have no sum (async: %s)", async (isAsync) => {
    const error = new Error("no sum");
    const source = new ListSource([new Lone(error), new Lone(error), new Lone(error)], { isAsync });
    await expect((async () => gather(source))()).rejects.toBe(error);
    await settle();
    expect(source.pulls).toBe(2);
    expect(source.closes).toBe(1);
  });
});

describe("gatherWithin", () => {
  it("is gather without a scope, and where all is there at once", async () => {
    const scope = new CancelScope();
    const listening = vi.spyOn(scope, "onCancel");
    expect(gatherWithin(new ListSource(["a", "b"]), undefined)).toBe("ab");
    expect(gatherWithin(new ListSource(["a", "b"]), scope)).toBe("ab");
    expect(await gatherWithin(new ListSource(["a", "b"], { isAsync: true }), undefined)).toBe("ab");
    expect(listening).not.toHaveBeenCalled();
  });

  it("closes the source, with the cause, when the scope ends first, and rejects with it", async () => {
    const scope = new CancelScope();
    const source = new ManualSource<string>();
    const sum = gatherWithin(source, scope);
    expect(sum).toBeInstanceOf(Promise);
    source.item("a");
    const cause = new Error("over");
    scope.cancel(cause);
    expect(source.closes).toEqual([cause]);
    expect(source.pulls).toBe(2);
    await expect(sum).rejects.toBe(cause);
  });

  it("lets go of the scope once the sum is there, or the source broke", async () => {
    for (const isBroken of [false, true]) {
      const scope = new CancelScope();
      const source = new ManualSource<string>();
      const sum = Promise.resolve(gatherWithin(source, scope));
      const error = new Error("broken");
      if (isBroken) {
        source.fail(error);
        await expect(sum).rejects.toBe(error);
      } else {
        source.item("a");
        source.end();
        expect(await sum).toBe("a");
      }
      scope.cancel(new Error("over"));
      expect(source.closes).toEqual([]);
    }
  });
});
